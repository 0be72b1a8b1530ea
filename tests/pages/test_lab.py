"""The lab page, and what it asks of the server."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.pages.conftest import config_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/lab", "/lab/cpu", "/lab/headers"])
def test_the_lab_asks_to_log_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["location"]) == (302, f"/login/?next={path}")


def test_the_page_tells_its_program_what_the_reader_may(client: Client, user: User) -> None:
    client.force_login(user)
    expected = {"regions_url": "/api/v1/regions", "everything": False, "measures_cpu": False}
    assert config_of(client.get("/lab").content.decode(), "lab-config") == expected


def test_staff_who_may_watch_everything_measure_everything(client: Client, user: User) -> None:
    user.user_permissions.add(Permission.objects.get(codename="watch_everything"))
    user.is_staff = True
    user.save()
    client.force_login(user)
    config = config_of(client.get("/lab").content.decode(), "lab-config")
    assert (config["everything"], config["measures_cpu"]) == (True, True)


def test_the_page_has_neither_script_nor_style_of_its_own(client: Client, user: User) -> None:
    """The policy forbids them."""
    client.force_login(user)
    page = client.get("/lab").content.decode()
    scripts = re.findall(r"<script([^>]*)>", page)
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_only_staff_hear_what_the_server_spends(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/lab/cpu").status_code == 403


def test_the_process_spends_more_the_longer_it_works(client: Client, user: User) -> None:
    user.is_staff = True
    user.save()
    client.force_login(user)
    first, second = client.get("/lab/cpu").json(), client.get("/lab/cpu").json()
    assert first["process"] == second["process"]
    assert 0 < first["cpu_s"] < second["cpu_s"]


def test_the_server_counts_the_headers_that_a_script_cannot_see(client: Client, user: User) -> None:
    """A cookie the longer makes a request the longer."""
    client.force_login(user)
    before = client.get("/lab/headers").json()["bytes"]
    client.cookies["more"] = "x" * 100
    assert client.get("/lab/headers").json()["bytes"] == before + len("; more=") + 100
