"""Snoozes over HTTP: for one person, one rule and one vehicle."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.api.conftest import Fleet, assert_is_problem
from tests.api.test_alerts import alarmed
from tracking.domain.alerts import MOST_SNOOZE_DAYS, MOST_SNOOZES
from tracking.models import Snooze

__all__ = ["alarmed"]

X_FLEET = {"X-Fleet": "1"}


def in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


async def put(client: httpx.AsyncClient, alert: int, until: str) -> httpx.Response:
    return await client.put(f"alerts/{alert}/snooze", json={"until_time": until}, headers=X_FLEET)


async def alert_of(client: httpx.AsyncClient, vehicle: str, rule: str) -> dict[str, Any]:
    items = (await client.get("alerts", params={"vehicle": vehicle})).json()["items"]
    found: dict[str, Any] = next(item for item in items if item["rule"] == rule)
    return found


async def snoozed(client: httpx.AsyncClient) -> list[tuple[int, str]]:
    answer = (await client.get("alerts/snoozes")).json()
    return [(item["rule_id"], item["vehicle"]) for item in answer["items"]]


async def test_a_snooze_is_ones_own_on_every_screen_until_it_is_woken(alarmed: Fleet) -> None:
    async with alarmed.as_user("chief") as client:
        alert = await alert_of(client, "bus-1", "Silent")
        assert (await put(client, alert["id"], in_hours(0.25))).status_code == 204
        assert (await put(client, alert["id"], in_hours(1))).status_code == 204
    async with alarmed.as_user("chief") as client:
        assert await snoozed(client) == [(alert["rule_id"], "bus-1")]
    async with alarmed.as_user("haga") as other:
        assert await snoozed(other) == []
    async with alarmed.as_user("chief") as client:
        assert (await client.delete(f"alerts/{alert['id']}/snooze", headers=X_FLEET)).status_code == 204
        assert await snoozed(client) == []


@pytest.mark.django_db(transaction=True)
async def test_a_snooze_ends_by_itself(alarmed: Fleet) -> None:
    async with alarmed.as_user("chief") as client:
        alert = await alert_of(client, "bus-1", "Silent")
        await put(client, alert["id"], in_hours(1))
        await Snooze.objects.aupdate(until=datetime.now(UTC) - timedelta(seconds=1))
        assert await snoozed(client) == []
        await put(client, (await alert_of(client, "bus-2", "Silent"))["id"], in_hours(1))
    assert await Snooze.objects.acount() == 1


@pytest.mark.parametrize("hours", [-1, 24 * MOST_SNOOZE_DAYS + 1])
async def test_how_long_is_bounded(alarmed: Fleet, hours: float) -> None:
    async with alarmed.as_user("chief") as client:
        alert = await alert_of(client, "bus-1", "Silent")
        answer = await put(client, alert["id"], in_hours(hours))
    assert_is_problem(answer, 422)
    assert f"at most {MOST_SNOOZE_DAYS} days" in answer.text


async def test_how_many_are_bounded(alarmed: Fleet) -> None:
    async with alarmed.as_user("chief") as client:
        alert = await alert_of(client, "bus-1", "Silent")
        await put(client, alert["id"], in_hours(1))
        (row,) = [row async for row in Snooze.objects.all()]
        await Snooze.objects.abulk_create(
            Snooze(user_id=row.user_id, rule=9, vehicle=number, until=row.until) for number in range(MOST_SNOOZES)
        )
        assert (await put(client, alert["id"], in_hours(2))).status_code == 422
        assert (await client.delete(f"alerts/{alert['id']}/snooze", headers=X_FLEET)).status_code == 204


async def test_what_one_may_not_see_cannot_be_snoozed(alarmed: Fleet) -> None:
    async with alarmed.as_user("chief") as client:
        hidden = await alert_of(client, "bus-2", "Silent")
    async with alarmed.as_user("haga") as client:
        assert_is_problem(await put(client, hidden["id"], in_hours(1)), 404)
        assert_is_problem(await client.delete(f"alerts/{hidden['id']}/snooze", headers=X_FLEET), 404)
