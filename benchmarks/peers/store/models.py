"""An id, unique by vehicle and time, and an index by time."""

from django.db import models


class Position(models.Model):
    vehicle = models.IntegerField()
    fix_time = models.DateTimeField(db_index=True)
    lat = models.FloatField()
    lon = models.FloatField()
    speed_mps = models.FloatField(null=True)
    course_deg = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "fix_time"], name="one_position_of_a_vehicle_and_time")
        ]
