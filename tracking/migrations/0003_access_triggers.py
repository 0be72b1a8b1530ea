"""Triggers raise a second revision number with every change of who may do what.

Logging in raises nothing: it makes a session and writes `last_login`. Grants of regions belong to this picture from now on.
"""

from django.db import migrations

ACCESS = 2
TABLES = {
    "auth_user": ("INSERT", "UPDATE OF password, is_active, is_staff, is_superuser", "DELETE"),
    "auth_user_groups": ("INSERT", "UPDATE", "DELETE"),
    "auth_user_user_permissions": ("INSERT", "UPDATE", "DELETE"),
    "auth_group_permissions": ("INSERT", "UPDATE", "DELETE"),
    "tracking_regionaccess": ("INSERT", "UPDATE", "DELETE"),
    "tracking_apitoken": ("INSERT", "UPDATE", "DELETE"),
    "django_session": ("DELETE",),
}


def statements(vendor):
    """SQL that makes the triggers for one database vendor."""
    bump = (
        f"INSERT INTO tracking_revision (id, number) VALUES ({ACCESS}, 1) "
        "ON CONFLICT (id) DO UPDATE SET number = tracking_revision.number + 1"
    )
    if vendor == "sqlite":
        for event in ("insert", "update", "delete"):
            yield f"DROP TRIGGER tracking_regionaccess_{event}"
        for table, events in TABLES.items():
            for event in events:
                name = f"{table}_access_{event.split()[0].lower()}"
                yield f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {bump}; END"
    else:
        yield "DROP TRIGGER tracking_regionaccess_revision ON tracking_regionaccess"
        yield (
            "CREATE FUNCTION tracking_bump_access() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {bump}; RETURN NULL; END $$"
        )
        for table, events in TABLES.items():
            yield (
                f"CREATE TRIGGER {table}_access AFTER {' OR '.join(events)} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION tracking_bump_access()"
            )


def make(apps, editor):
    for statement in statements(editor.connection.vendor):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("tracking", "0002_revision_triggers"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("sessions", "0001_initial"),
    ]
    operations = [migrations.RunPython(make, elidable=False)]
