"""The pictures of the office, and the numbers that triggers raise, on both engines."""

from collections.abc import Callable, Iterator
from typing import Any

import dj_database_url
import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from tests.deploy.conftest import empty_database
from tracking.domain.rights import Rights
from tracking.models import ApiToken, DeviceToken, DutySwitch, Region, RegionAccess, Revision, Vehicle, token_digest
from tracking.storage.office import ACCESS, DIRECTORY, find_logins, load_access, load_directory, load_office

SQUARE = {"type": "Polygon", "coordinates": [[[11, 57], [12, 57], [12, 58], [11, 57]]]}
ALIAS = "engine"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def engine(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: object,
) -> Iterator[str]:
    """A database of its own with the tables; `using` it reaches each engine."""
    if request.param == "sqlite":
        yield from migrated(f"sqlite:///{tmp_path_factory.mktemp('office')}/office.sqlite3", django_db_blocker)
    else:
        with empty_database(request.getfixturevalue("postgres_url")) as url:
            yield from migrated(url, django_db_blocker)


def migrated(url: str, blocker: object) -> Iterator[str]:
    connections.settings[ALIAS] = {**connections.settings["default"], **dj_database_url.parse(url), "OPTIONS": {}}
    with blocker.unblock():  # type: ignore[attr-defined]
        try:
            call_command("migrate", database=ALIAS, verbosity=0)
            yield ALIAS
        finally:
            connections[ALIAS].close()
            del connections[ALIAS], connections.settings[ALIAS]


def revisions() -> tuple[int, int]:
    known = dict(Revision.objects.using(ALIAS).values_list("pk", "number"))
    return known.get(DIRECTORY, 0), known.get(ACCESS, 0)


def make_user(name: str) -> User:
    return User.objects.using(ALIAS).create(username=name, password="x")


def make_session(key: str) -> Session:
    return Session.objects.using(ALIAS).create(session_key=key, session_data="", expire_date=timezone.now())


def update_user(**fields: object) -> None:
    User.objects.using(ALIAS).filter(username="made").update(**fields)


def grant_everything() -> None:
    permission = Permission.objects.using(ALIAS).get(codename="watch_everything")
    User.objects.using(ALIAS).get(username="made").user_permissions.add(permission)


def join_group() -> None:
    group = Group.objects.using(ALIAS).get(name="made")
    User.objects.using(ALIAS).get(username="made").groups.add(group)


def grant_to_group() -> None:
    permission = Permission.objects.using(ALIAS).get(codename="watch_everything")
    Group.objects.using(ALIAS).get(name="made").permissions.add(permission)


def grant_region() -> None:
    user, region = User.objects.using(ALIAS).get(username="made"), Region.objects.using(ALIAS).get(slug="made")
    RegionAccess.objects.using(ALIAS).create(user=user, region=region)


def make_api_token() -> None:
    user = User.objects.using(ALIAS).get(username="made")
    ApiToken.objects.using(ALIAS).create(user=user, digest=b"1" * 32)


def go_off_duty() -> None:
    vehicle = Vehicle.objects.using(ALIAS).get(slug="van")
    DutySwitch.objects.using(ALIAS).create(vehicle=vehicle, time=timezone.now(), is_off=True)


RAISES_ACCESS: list[Callable[[], object]] = [
    lambda: make_user("another"),
    lambda: update_user(password="y"),
    lambda: update_user(is_active=False),
    lambda: update_user(is_staff=True),
    lambda: update_user(is_superuser=True),
    grant_everything,
    join_group,
    grant_to_group,
    grant_region,
    lambda: RegionAccess.objects.using(ALIAS).all().delete(),
    make_api_token,
    lambda: ApiToken.objects.using(ALIAS).update(revoked_at=timezone.now()),
    lambda: Session.objects.using(ALIAS).all().delete(),
    lambda: Group.objects.using(ALIAS).all().delete(),
    lambda: User.objects.using(ALIAS).filter(username="made").delete(),
]
RAISES_NOTHING: list[Callable[[], object]] = [
    lambda: make_session("new"),
    lambda: update_user(last_login=timezone.now()),
    lambda: Session.objects.using(ALIAS).update(session_data="x"),
]
RAISES_DIRECTORY: list[Callable[[], object]] = [
    lambda: Vehicle.objects.using(ALIAS).create(slug="van", name="Van"),
    lambda: Vehicle.objects.using(ALIAS).update(name="Red van"),
    lambda: DeviceToken.objects.using(ALIAS).create(digest=b"2" * 32),
    lambda: DeviceToken.objects.using(ALIAS).update(revoked_at=timezone.now()),
    lambda: Region.objects.using(ALIAS).update(name="Other"),
    go_off_duty,
    lambda: DutySwitch.objects.using(ALIAS).all().delete(),
]


@pytest.fixture
def filled(engine: str) -> Iterator[None]:
    """A user, a group, a region and a session, all `made`."""
    make_user("made")
    Group.objects.using(ALIAS).create(name="made")
    Region.objects.using(ALIAS).create(slug="made", name="Made", polygon=SQUARE)
    make_session("made")
    yield
    for model in (ApiToken, DeviceToken, RegionAccess, Region, Vehicle, Session, Group, User):
        model.objects.using(ALIAS).all().delete()


def test_each_change_of_who_may_do_what_raises_the_number_of_access(filled: None) -> None:
    for change in RAISES_ACCESS:
        directory, access = revisions()
        change()
        after = revisions()
        assert (after[0], after[1] > access) == (directory, True), change


def test_logging_in_raises_nothing(filled: None) -> None:
    before = revisions()
    for change in RAISES_NOTHING:
        change()
    assert revisions() == before


def test_each_change_of_vehicles_regions_and_devices_raises_the_number_of_the_directory(filled: None) -> None:
    for change in RAISES_DIRECTORY:
        directory, access = revisions()
        change()
        assert revisions() == (directory + 1, access), change


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """`chief` and `boss` may watch everything, each in another way; `haga` one region; `clerk` is staff; `gone` is disabled."""
    permission = Permission.objects.get(codename="watch_everything")
    names = ("chief", "member", "boss", "haga", "clerk", "gone")
    users = {name: User.objects.create_user(name) for name in names}
    users["chief"].user_permissions.add(permission)
    Group.objects.create(name="watchers").permissions.add(permission)
    users["member"].groups.add(Group.objects.get(name="watchers"))
    User.objects.filter(username="boss").update(is_superuser=True)
    User.objects.filter(username="clerk").update(is_staff=True)
    User.objects.filter(username="gone").update(is_active=False, is_superuser=True)
    haga = Region.objects.create(slug="haga", name="Haga", polygon=SQUARE)
    RegionAccess.objects.create(region=haga, user=users["haga"])
    return users


def test_the_picture_shows_what_each_may_see(people: dict[str, User]) -> None:
    rights = {name: load_access().people.get(user.pk) for name, user in people.items()}
    assert rights["gone"] is None
    seen = {name: person.rights for name, person in rights.items() if person is not None}
    assert {name for name, each in seen.items() if each.everything} == {"chief", "member", "boss"}
    assert {name for name, each in seen.items() if each.staff} == {"clerk"}
    haga = Region.objects.get(slug="haga")
    assert seen["haga"] == Rights(user=people["haga"].pk, everything=False, regions=frozenset({haga.pk}))


def test_people_and_devices_have_names(people: dict[str, User]) -> None:
    device = DeviceToken.objects.create(digest=b"1" * 32, label="Anna's phone")
    assert load_access().people[people["haga"].pk].name == "haga"
    assert [(known.id, known.label) for known in load_directory().devices.values()] == [(device.pk, "Anna's phone")]


def log_in(user: User) -> str:
    browser = Client()
    browser.force_login(user)
    return browser.cookies["sessionid"].value


def test_a_session_is_found_with_its_user(people: dict[str, User]) -> None:
    key = log_in(people["haga"])
    login = find_logins([key, "nonsense"]).get(key)
    assert login is not None and login.user == people["haga"].pk and login.expires_s is not None
    assert login.holds(load_access()) and login.proof == token_digest(key)


def test_no_session_is_found_once_it_is_over(people: dict[str, User]) -> None:
    aged, changed, disabled = (log_in(people[name]) for name in ("haga", "chief", "clerk"))
    Session.objects.filter(session_key=aged).update(expire_date=timezone.now())
    people["chief"].set_password("new")
    people["chief"].save()
    User.objects.filter(username="clerk").update(is_active=False)
    assert find_logins(["nonsense", aged, changed, disabled]) == {}


def test_only_what_has_changed_is_loaded_again(people: dict[str, User]) -> None:
    first = load_office()
    assert load_office(first) is first
    Region.objects.update(name="Other")
    second = load_office(first)
    assert second.directory is not first.directory and second.access is first.access
    User.objects.update(last_login=timezone.now())
    assert load_office(second) is second
    people["haga"].delete()
    third = load_office(second)
    assert third.directory is second.directory and third.access.revision > second.access.revision


@pytest.mark.parametrize(
    "change",
    [{"name": "Other"}, {"slug": "other"}, {"colour": "#000000"}, {"polygon": {**SQUARE, "bbox": [11, 57, 12, 58]}}],
)
def test_a_changed_region_has_another_version(people: dict[str, User], change: dict[str, Any]) -> None:
    """And the same one in every picture of it."""
    haga = Region.objects.get(slug="haga")
    before = load_directory().regions[haga.pk].version
    assert load_directory().regions[haga.pk].version == before
    Region.objects.update(**change)
    assert load_directory().regions[haga.pk].version != before
