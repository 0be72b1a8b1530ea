"""Region rules, and how long a visit must last to be told; triggers raise the directory's revision with every rule."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


BUMP = (
    "INSERT INTO tracking_revision (id, number) VALUES (1, 1) "
    "ON CONFLICT (id) DO UPDATE SET number = tracking_revision.number + 1"
)


def make(apps, editor):
    """SQLite has made the table of regions anew, which lost its triggers."""
    if editor.connection.vendor == "sqlite":
        for table in ("tracking_rule", "tracking_rule_vehicles", "tracking_region"):
            for event in ("INSERT", "UPDATE", "DELETE"):
                name = f"{table}_{event.lower()}"
                editor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table} BEGIN {BUMP}; END")
    else:
        for table in ("tracking_rule", "tracking_rule_vehicles"):
            editor.execute(
                f"CREATE TRIGGER {table}_revision AFTER INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION tracking_bump_revision()"
            )


class Migration(migrations.Migration):

    dependencies = [
        ('tracking', '0007_pairing_and_duty'),
    ]

    operations = [
        migrations.AddField(
            model_name='region',
            name='min_stay_s',
            field=models.PositiveIntegerField(default=10, help_text='Seconds; shorter visits are kept but not told as events. 0 tells each at once.', validators=[django.core.validators.MaxValueValidator(3600)], verbose_name='minimum stay'),
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('dwell', 'dwell: in the region for longer than a time limit'), ('speed', 'speed: faster than a limit in the region'), ('hours', 'hours: outside of the region when it should be inside'), ('offline', 'offline: not heard of for longer than a time limit')], max_length=10)),
                ('limit_s', models.PositiveIntegerField(blank=True, help_text='Seconds: of “dwell” and “offline”.', null=True, verbose_name='time limit')),
                ('limit_mps', models.FloatField(blank=True, help_text='Metres per second: of “speed”.', null=True, verbose_name='speed limit')),
                ('from_time', models.TimeField(blank=True, help_text='Of “hours”, in its time zone; may lie after the end.', null=True)),
                ('to_time', models.TimeField(blank=True, null=True)),
                ('days', models.CharField(blank=True, default='12345', help_text='Of “hours”: digits of the days they begin on, 1 is Monday.', max_length=7)),
                ('time_zone', models.CharField(default='UTC', help_text='Of “hours”, as Europe/Stockholm.', max_length=64)),
                ('active', models.BooleanField(default=True)),
                ('region', models.ForeignKey(blank=True, help_text='Empty for “offline” alone.', null=True, on_delete=django.db.models.deletion.CASCADE, to='tracking.region')),
                ('vehicles', models.ManyToManyField(blank=True, help_text='None: for all vehicles.', to='tracking.vehicle')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.RunPython(make, elidable=False),
    ]
