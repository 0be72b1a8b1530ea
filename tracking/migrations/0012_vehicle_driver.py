"""Who drives a vehicle. SQLite makes the table anew for it, which loses its triggers."""

from django.db import migrations, models

BUMP = (
    "INSERT INTO tracking_revision (id, number) VALUES (1, 1) "
    "ON CONFLICT (id) DO UPDATE SET number = tracking_revision.number + 1"
)


def make_triggers(apps, editor):
    if editor.connection.vendor == "sqlite":
        for event in ("INSERT", "UPDATE", "DELETE"):
            name = f"tracking_vehicle_{event.lower()}"
            editor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON tracking_vehicle BEGIN {BUMP}; END")


class Migration(migrations.Migration):
    dependencies = [("tracking", "0011_saved_views")]
    operations = [
        migrations.AddField(
            model_name="vehicle",
            name="driver",
            field=models.CharField(blank=True, default="", help_text="Who drives it, as dispatchers say.", max_length=60),
            preserve_default=False,
        ),
        migrations.RunPython(make_triggers, elidable=False),
    ]
