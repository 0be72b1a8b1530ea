"""A page speaks the language that its reader chose, else the browser's; what programs read is English."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import AsyncClient, Client

from scripts.texts import Said, complaints, texts_in_program, texts_in_template

pytestmark = pytest.mark.django_db

FRONT_END = Path(__file__).parent.parent.parent / "frontend" / "src"


def heading(client: Client, **headers: str) -> tuple[str, str]:
    """Of the login page: its language and what the button says."""
    page = client.get("/login/", headers=headers).content.decode()
    language, button = re.search(r'<html lang="(\w+)"', page), re.search(r'type="submit">([^<]+)<', page)
    assert language is not None and button is not None
    return language[1], button[1]


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("sv-FI,sv;q=0.9,en;q=0.8", ("sv", "Logga in")),
        ("de-AT", ("de", "Anmelden")),
        ("nb,fr", ("en", "Sign in")),
        ("", ("en", "Sign in")),
    ],
)
def test_the_browser_says_which_language(client: Client, accepted: str, expected: tuple[str, str]) -> None:
    assert heading(client, **{"accept-language": accepted}) == expected


def test_what_was_chosen_counts_more(client: Client) -> None:
    response = client.post("/language", {"language": "de", "next": "/login/?next=/history"})
    assert (response.status_code, response.headers["location"]) == (302, "/login/?next=/history")
    assert heading(client, **{"accept-language": "sv"}) == ("de", "Anmelden")


def test_choosing_a_language_leads_to_no_other_site(client: Client) -> None:
    response = client.post("/language", {"language": "de", "next": "https://elsewhere.example/"})
    assert response.headers["location"] == "/"


def test_a_cookie_that_names_no_language_counts_for_nothing(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "../../etc/passwd"
    assert heading(client, **{"accept-language": "sv"}) == ("sv", "Logga in")


def test_caches_know_that_pages_differ_by_language(client: Client) -> None:
    response = client.get("/login/", headers={"accept-language": "sv"})
    assert response.headers["content-language"] == "sv"
    assert {"Accept-Language", "Cookie"} <= set(re.split(", *", response.headers["vary"]))


def test_errors_speak_it_too(client: Client) -> None:
    page = client.get("/nowhere", headers={"accept-language": "sv"}).content.decode()
    assert "Sidan finns inte." in page and '<html lang="sv"' in page


async def test_the_language_of_one_request_is_not_that_of_the_next() -> None:
    client = AsyncClient()
    for accepted, word in [("sv", "Logga in"), ("en", "Sign in"), ("de", "Anmelden")]:
        assert word in (await client.get("/login/", headers={"accept-language": accepted})).content.decode()


def test_every_text_of_the_server_is_said_in_every_language() -> None:
    """And the compiled files are made of these."""
    assert complaints() == []


def test_texts_are_found_in_templates_and_programs() -> None:
    template = """{% load i18n %}{% translate "It's here" %}
        {% blocktranslate count n=many %}{{ n }} trip{% plural %}{{ n }} trips{% endblocktranslate %}"""
    assert {*texts_in_template(template)} == {Said("It's here", ""), Said("%(n)s trip", "%(n)s trips")}
    program = 'say(gettext("Off" " duty"), ngettext("{n} trip", "{n} trips", n), gettext_lazy("On"))'
    assert {*texts_in_program(program)} == {Said("Off duty", ""), Said("{n} trip", "{n} trips"), Said("On", "")}


def test_page_and_program_have_the_same_languages_and_cookie() -> None:
    program = (FRONT_END / "language.ts").read_text()
    names = re.search(r"LANGUAGES = (\{.*?\})", program)
    assert names is not None
    assert json.loads(re.sub(r"'?(\w+)'?: '([^']+)'", r'"\1": "\2"', names[1])) == dict(settings.LANGUAGES)
    assert f"COOKIE = '{settings.LANGUAGE_COOKIE_NAME}'" in program
