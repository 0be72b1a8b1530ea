"""The office in the admin."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.handlers.asgi import ASGIRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.api.conftest import square
from tracking.admin import geometry_of, has_fixes
from tracking.models import (
    ApiToken,
    DeviceToken,
    Look,
    RefusalTally,
    Region,
    RegionAccess,
    Share,
    Vehicle,
    token_digest,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Client) -> User:
    """Logged in, and allowed everything."""
    user = User.objects.create_superuser("chief")
    client.force_login(user)
    return user


@pytest.fixture
def bus() -> Vehicle:
    return Vehicle.objects.create(slug="bus-1", name="Bus 1")


def page(client: Client, name: str, /, *arguments: object) -> str:
    response = client.get(reverse(f"admin:tracking_{name}", args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, name: str, /, *arguments: object, **fields: Any) -> str:
    """The page that follows."""
    response = client.post(reverse(f"admin:tracking_{name}", args=arguments), fields, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def region_fields(polygon: str, **fields: Any) -> dict[str, Any]:
    """The form of a region nobody may watch."""
    inline = {"regionaccess_set-TOTAL_FORMS": 0, "regionaccess_set-INITIAL_FORMS": 0}
    return {
        "name": "Haga",
        "slug": "haga",
        "colour": "#112233",
        "min_stay_s": 10,
        "polygon": polygon,
        **inline,
        **fields,
    }


def test_a_device_token_is_shown_once_and_kept_as_digest(client: Client, chief: User, bus: Vehicle) -> None:
    shown = post(client, "devicetoken_add", label="phone", vehicle=bus.pk)
    secret = re.search(r"<code>([\w-]{43})</code>", shown)
    assert secret is not None
    token = DeviceToken.objects.get()
    assert (bytes(token.digest), token.vehicle) == (token_digest(secret.group(1)), bus)
    later = page(client, "devicetoken_changelist") + page(client, "devicetoken_change", token.pk)
    assert secret.group(1) not in later and bytes(token.digest).hex() not in later


def test_changing_a_token_keeps_its_secret_and_its_owner(client: Client, chief: User, bus: Vehicle) -> None:
    token = DeviceToken(vehicle=bus)
    token.renew_secret()
    token.save()
    shown = post(client, "devicetoken_change", token.pk, label="tablet", vehicle="")
    changed = DeviceToken.objects.get()
    assert (changed.label, changed.vehicle, bytes(changed.digest)) == ("tablet", bus, token.digest)
    assert "<code>" not in shown


def test_revoked_tokens_stay_revoked_since_the_first_time(client: Client, chief: User) -> None:
    tokens = [ApiToken(user=chief, label=label) for label in ("one", "two")]
    for token in tokens:
        token.renew_secret()
        token.save()
    tokens[0].revoke()
    chosen = [token.pk for token in tokens]
    shown = post(client, "apitoken_changelist", action="revoke_tokens", _selected_action=chosen)
    assert "Revoked: 1." in shown
    assert ApiToken.objects.get(pk=tokens[0].pk).revoked_at == tokens[0].revoked_at
    assert ApiToken.objects.filter(revoked_at=None).count() == 0


def test_only_a_superuser_makes_an_api_token_for_someone_else(client: Client) -> None:
    """It would read with the other's rights."""
    staff, other = User.objects.create_user("staff", is_staff=True), User.objects.create_user("other")
    staff.user_permissions.add(*Permission.objects.filter(content_type__model="apitoken"))
    client.force_login(staff)
    post(client, "apitoken_add", label="theirs", user=other.pk)
    post(client, "apitoken_add", label="own", user=staff.pk)
    assert [token.label for token in ApiToken.objects.all()] == ["own"]


@pytest.mark.parametrize(
    "wrapped",
    [
        square(57.69, 11.95),
        {"type": "Feature", "properties": {}, "geometry": square(57.69, 11.95)},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": square(57.69, 11.95)}]},
    ],
)
def test_a_region_takes_what_drawing_programs_export(client: Client, chief: User, wrapped: Any) -> None:
    post(client, "region_add", **region_fields(json.dumps(wrapped)))
    assert Region.objects.get().polygon == square(57.69, 11.95)


@pytest.mark.parametrize(
    ("polygon", "said"),
    [
        ("{", "Enter a valid JSON."),
        ("[1, 2]", "of type Polygon or MultiPolygon"),
        ('{"type": "Point", "coordinates": [1, 2]}', "of type Polygon or MultiPolygon"),
        ('{"type": "FeatureCollection", "features": []}', "of type Polygon or MultiPolygon"),
        ('{"type": "Feature", "geometry": null}', "of type Polygon or MultiPolygon"),
        (json.dumps({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}), "not valid"),
        (json.dumps(square(95, 11.95)), "within -180…180 and -90…90"),
    ],
)
def test_a_polygon_that_cannot_be_used_is_told_why(client: Client, chief: User, polygon: str, said: str) -> None:
    """What was typed stays in the field."""
    shown = post(client, "region_add", **region_fields(polygon))
    assert said in shown
    assert Region.objects.count() == 0


def test_watchers_are_chosen_with_the_region(client: Client, chief: User) -> None:
    fields = {"regionaccess_set-TOTAL_FORMS": 1, "regionaccess_set-0-user": chief.pk}
    post(client, "region_add", **region_fields(json.dumps(square(57.69, 11.95)), **fields))
    assert RegionAccess.objects.get().user == chief
    assert "regionaccess_set" in page(client, "region_change", Region.objects.get().pk)


def test_a_vehicle_that_may_have_fixes_cannot_be_deleted(client: Client, chief: User, bus: Vehicle) -> None:
    """It is put out of use instead, and the form says so."""
    assert client.post(reverse("admin:tracking_vehicle_delete", args=[bus.pk]), {"post": "yes"}).status_code == 403
    shown = page(client, "vehicle_change", bus.pk)
    assert "cannot be deleted" in shown and "deletelink" not in shown
    assert "delete_selected" not in page(client, "vehicle_changelist")


def test_vehicles_are_put_out_of_use_and_in_use_again(client: Client, chief: User, bus: Vehicle) -> None:
    post(client, "vehicle_changelist", action="put_out_of_use", _selected_action=[bus.pk])
    assert not Vehicle.objects.get().active
    post(client, "vehicle_changelist", action="put_in_use", _selected_action=[bus.pk])
    assert Vehicle.objects.get().active


@pytest.mark.parametrize(("rows", "expected"), [([], False), (["a state"], True)])
def test_the_store_knows_whether_a_vehicle_has_fixes(bus: Vehicle, rows: list[str], expected: bool) -> None:
    services = SimpleNamespace(telemetry=SimpleNamespace(load_latest=lambda vehicles: rows))
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "fleet": services}
    assert has_fixes(ASGIRequest(scope, None), bus) is expected


def test_a_collection_of_several_features_is_left_for_the_model_to_refuse() -> None:
    """Which of them is meant cannot be known."""
    several = {"type": "FeatureCollection", "features": [{}, {}]}
    assert geometry_of(several) == several


def refuse(named: str, reason: str = "unknown_vehicle") -> RefusalTally:
    """One fix of a gateway."""
    gateway, _ = DeviceToken.objects.get_or_create(label="gateway", digest=b"0" * 32)
    times = {"first_at": timezone.now(), "last_at": timezone.now()}
    return RefusalTally.objects.create(device=gateway, named=named, reason=reason, count=3, detail="It is.", **times)


def test_refused_fixes_are_listed_and_not_written(client: Client, chief: User) -> None:
    tally = refuse("ghost")
    listed = page(client, "refusaltally_changelist")
    assert "ghost" in listed and "unknown_vehicle" in listed
    assert client.get(reverse("admin:tracking_refusaltally_add")).status_code == 403
    assert 'name="_save"' not in page(client, "refusaltally_change", tally.pk)


def test_names_that_nobody_knows_are_adopted(client: Client, chief: User) -> None:
    """What is no slug stays, and is told."""
    tallies = [refuse("ghost"), refuse("ghost", "too_old"), refuse("two words"), refuse("")]
    fields = {"action": "adopt", "_selected_action": [tally.pk for tally in tallies]}
    told = post(client, "refusaltally_changelist", **fields)
    assert "Adopted: ghost." in told and "two words" in told
    assert list(Vehicle.objects.values_list("slug", "name")) == [("ghost", "ghost")]
    assert set(RefusalTally.objects.values_list("named", "reason")) == {
        ("ghost", "too_old"),
        ("two words", "unknown_vehicle"),
        ("", "unknown_vehicle"),
    }


def test_who_may_make_no_vehicles_adopts_none(client: Client) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(*Permission.objects.filter(codename="view_refusaltally"))
    client.force_login(clerk)
    refuse("ghost")
    assert "Adopt" not in page(client, "refusaltally_changelist")


def test_shares_are_listed_and_revoked_and_nothing_else(client: Client, chief: User, bus: Vehicle) -> None:
    expires_at = timezone.now() + timezone.timedelta(days=1)
    share = Share.objects.create(kind="vehicle", vehicle=bus, maker=chief, label="for them", expires_at=expires_at)
    assert "for them" in page(client, "share_changelist")
    assert client.get(reverse("admin:tracking_share_add")).status_code == 403
    assert 'name="_save"' not in page(client, "share_change", share.pk)
    assert "Revoked: 1." in post(client, "share_changelist", action="revoke_tokens", _selected_action=[share.pk])


def test_the_audit_is_read_and_not_written(client: Client, chief: User) -> None:
    look = Look.objects.create(at=timezone.now(), kind="track", who="anna", vehicle="bus-1")
    assert "anna" in page(client, "look_changelist")
    assert 'name="_save"' not in page(client, "look_change", look.pk)
    for name, arguments in (("add", ()), ("delete", (look.pk,))):
        assert client.get(reverse(f"admin:tracking_look_{name}", args=arguments)).status_code == 403
