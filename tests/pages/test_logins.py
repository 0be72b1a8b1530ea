"""Who guesses passwords is kept waiting."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.db.models import F
from django.http import HttpResponse
from django.test import AsyncClient, Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-password"
OFFICE, HOME = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Settings) -> None:
    """Real ones are slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def try_login(
    password: str = "wrong", *, name: str = "anna", address: str = OFFICE, path: str = "/login/", **headers: str
) -> HttpResponse:
    fields = {"username": name, "password": password, "next": "/"}
    return Client(REMOTE_ADDR=address, headers=headers).post(path, fields)


def statuses(count: int, **options: str) -> list[int]:
    return [try_login(**options).status_code for _ in range(count)]


def let_pass(time: timedelta) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - time)


@pytest.mark.parametrize("path", ["/login/", "/admin/login/"])
def test_the_fifth_wrong_password_closes_the_door(user: User, path: str) -> None:
    """To the right one as well, at every login page; the page says until when, and keeps the name."""
    assert statuses(5, path=path) == [200] * 4 + [429]
    answer = try_login(PASSWORD)
    assert answer.status_code == 429 and 840 < int(answer.headers["retry-after"]) <= 900
    page = answer.content.decode()
    assert "Try again in 15 minutes" in page and 'value="anna"' in page and "Sign in" in page


def test_a_name_that_nobody_has_is_answered_alike(user: User) -> None:
    assert statuses(5, name="nobody") == statuses(5)


def test_only_that_name_at_that_address_waits(user: User) -> None:
    """Nobody can lock out a colleague from elsewhere, nor the whole office."""
    User.objects.create_user("bert", password=PASSWORD)
    statuses(5)
    assert try_login(PASSWORD, address=HOME).status_code == 302
    assert try_login(PASSWORD, name="bert").status_code == 302


def test_the_door_opens_after_a_quarter_of_an_hour(user: User) -> None:
    """Also when it was knocked at meanwhile."""
    statuses(5)
    let_pass(timedelta(minutes=10))
    refused = try_login()
    assert 240 < int(refused.headers["retry-after"]) <= 300
    assert "Try again in 5 minutes" in refused.content.decode()
    let_pass(timedelta(minutes=5))
    assert try_login(PASSWORD).status_code == 302


def test_an_address_that_tries_many_names_waits(user: User) -> None:
    assert [try_login(name=f"name-{number}").status_code for number in range(50)] == [200] * 49 + [429]
    assert try_login(PASSWORD).status_code == 429
    assert try_login(PASSWORD, address=HOME).status_code == 302


def test_a_login_forgets_the_failures_of_its_name_only(user: User) -> None:
    """Or whoever has one account could guess at all the others."""
    statuses(3, name="bert")
    statuses(4)
    assert try_login(PASSWORD).status_code == 302
    assert statuses(4) == [200] * 4
    assert AccessAttempt.objects.get(username="bert").failures_since_start == 3


def test_the_failures_of_several_browsers_are_added(user: User) -> None:
    assert [try_login(**{"user-agent": f"browser {n}"}).status_code for n in range(5)] == [200] * 4 + [429]


def test_clients_behind_the_proxy_are_told_apart(user: User, settings: Settings) -> None:
    """By what the proxy appended; what the client said before it counts for nothing."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    tries = [try_login(**{"x-forwarded-for": f"10.0.0.{number}, {HOME}"}) for number in range(5)]
    assert tries[-1].status_code == 429
    assert try_login(PASSWORD, **{"x-forwarded-for": "192.0.2.3"}).status_code == 302


def test_no_password_is_kept(user: User) -> None:
    try_login("not quite it")
    attempt = AccessAttempt.objects.get()
    assert "not quite it" not in attempt.post_data + attempt.get_data


@pytest.mark.django_db(transaction=True)
async def test_a_running_server_answers_the_same(user: User) -> None:
    """It runs the middleware as coroutines."""
    fields = {"username": "anna", "password": "wrong"}
    answers = [await AsyncClient().post("/login/", fields) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
