"""Triggers raise the one revision number with every change of a table that running processes keep a picture of.

SQLite drops a table's triggers when a later migration remakes the table: such a migration makes them again.
"""

from django.db import migrations

TABLES = ("tracking_vehicle", "tracking_region", "tracking_regionaccess", "tracking_devicetoken")
EVENTS = ("INSERT", "UPDATE", "DELETE")


def statements(vendor):
    """SQL that makes the triggers for one database vendor."""
    bump = (
        "INSERT INTO tracking_revision (id, number) VALUES (1, 1) "
        "ON CONFLICT (id) DO UPDATE SET number = tracking_revision.number + 1"
    )
    if vendor == "sqlite":
        for table in TABLES:
            for event in EVENTS:
                yield f"CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table} BEGIN {bump}; END"
    elif vendor == "postgresql":
        yield (
            "CREATE FUNCTION tracking_bump_revision() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {bump}; RETURN NULL; END $$"
        )
        for table in TABLES:
            yield (
                f"CREATE TRIGGER {table}_revision AFTER INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION tracking_bump_revision()"
            )
    else:
        raise NotImplementedError(f"triggers are written for sqlite and postgresql, not for {vendor}")


def make(apps, editor):
    for statement in statements(editor.connection.vendor):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("tracking", "0001_initial")]
    operations = [migrations.RunPython(make, elidable=False)]
