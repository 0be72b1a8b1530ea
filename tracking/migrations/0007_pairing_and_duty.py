"""Pairing codes, and switches of duty, of which running processes keep a picture: triggers raise the directory's revision."""

import django.db.models.deletion
from django.db import migrations, models

TABLE = "tracking_dutyswitch"


def statements(vendor):
    """SQL that makes the triggers for one database vendor."""
    if vendor == "sqlite":
        bump = (
            "INSERT INTO tracking_revision (id, number) VALUES (1, 1) "
            "ON CONFLICT (id) DO UPDATE SET number = tracking_revision.number + 1"
        )
        for event in ("INSERT", "UPDATE", "DELETE"):
            yield f"CREATE TRIGGER {TABLE}_{event.lower()} AFTER {event} ON {TABLE} BEGIN {bump}; END"
    else:
        yield (
            f"CREATE TRIGGER {TABLE}_revision AFTER INSERT OR UPDATE OR DELETE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION tracking_bump_revision()"
        )


def make_triggers(apps, editor):
    for statement in statements(editor.connection.vendor):
        editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('tracking', '0006_shares'),
    ]

    operations = [
        migrations.CreateModel(
            name='PairingCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(help_text='Of the device token to be.', max_length=100)),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairing_codes', to='tracking.vehicle')),
            ],
        ),
        migrations.CreateModel(
            name='DutySwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('time', models.DateTimeField()),
                ('is_off', models.BooleanField()),
                ('device', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='tracking.devicetoken')),
                ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duty_switches', to='tracking.vehicle')),
            ],
            options={
                'verbose_name_plural': 'duty switches',
                'ordering': ['vehicle', 'time'],
                'constraints': [models.UniqueConstraint(fields=('vehicle', 'time', 'is_off'), name='one_duty_switch_per_vehicle_and_time')],
            },
        ),
        migrations.RunPython(make_triggers, elidable=False),
    ]
