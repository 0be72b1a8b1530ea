"""The demo is complete, can be seeded again, and stays out of real databases."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from tracking.demo.office import PASSWORD
from tracking.models import Region, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Real ones are slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def seed(**options: bool) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


def test_everyone_can_log_in_and_do_what_is_said() -> None:
    told = seed()
    names = ("dispatcher", "haga", "admin")
    dispatcher, haga, admin = (User.objects.get(username=name) for name in names)
    assert all(user.check_password(PASSWORD) for user in (dispatcher, haga, admin))
    assert dispatcher.has_perm("tracking.watch_everything")
    assert not haga.has_perm("tracking.watch_everything")
    assert haga.has_perm("tracking.add_share")
    assert set(haga.regions.values_list("slug", flat=True)) == {"haga", "majorna"}
    assert admin.is_staff and admin.is_superuser
    assert all(name in told for name in names) and PASSWORD in told


def test_everything_made_is_valid() -> None:
    seed()
    for item in (*Vehicle.objects.all(), *Region.objects.all()):
        item.full_clean()
    assert (Vehicle.objects.count(), Region.objects.count()) == (60, 10)


def test_a_second_time_changes_nothing() -> None:
    """Not even what was edited meanwhile."""
    seed()
    Vehicle.objects.filter(slug="demo-001").update(name="Edited")
    User.objects.get(username="admin").set_password("changed")
    before = list(User.objects.values_list("id", "password"))
    assert "its password is unchanged" in seed()
    assert Vehicle.objects.get(slug="demo-001").name == "Edited"
    assert (Vehicle.objects.count(), list(User.objects.values_list("id", "password"))) == (60, before)


@pytest.mark.parametrize("own", ["vehicle", "user"])
def test_a_database_in_real_use_is_refused(own: str) -> None:
    if own == "vehicle":
        Vehicle.objects.create(slug="truck-1", name="Real")
    else:
        User.objects.create_user("boss")
    with pytest.raises(CommandError, match="--force"):
        seed()
    assert not User.objects.filter(username="admin").exists()


def test_a_real_account_of_a_demo_name_keeps_its_password() -> None:
    """Even by force."""
    User.objects.create_user("admin", password="secret and long")
    seed(force=True)
    admin = User.objects.get(username="admin")
    assert not admin.check_password(PASSWORD) and not admin.is_superuser


def test_a_demo_database_stays_one_when_vehicles_are_added() -> None:
    """A replay, or an own vehicle, must not keep the demo from starting again."""
    seed()
    Vehicle.objects.create(slug="8940", name="8940")
    assert "Demo logins" in seed()


def test_it_can_be_quiet() -> None:
    assert seed(quiet=True) == ""
