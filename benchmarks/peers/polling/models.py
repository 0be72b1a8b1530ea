"""The latest position of each vehicle. Times are kept as milliseconds, which spares this side their formatting."""

from django.db import models


class Position(models.Model):
    vehicle = models.CharField(max_length=64, unique=True)
    region = models.CharField(max_length=64, db_index=True)
    fix_time = models.BigIntegerField()
    lat = models.FloatField()
    lon = models.FloatField()
    speed_mps = models.FloatField(null=True)
    course_deg = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
