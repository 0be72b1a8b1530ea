"""OwnTracks over MQTT: the deployed configuration in a real Mosquitto, the bridge, and a real server."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from paho.mqtt import publish

from scripts.support.children import LOOPBACK, Child, Children, end, free_port, wait_until_listening
from tests.conftest import service
from tests.deploy.proxies import ROOT
from tests.deploy.site import clean_environment, make_certificate, manage, migrate, start_server

USERS = ("van", "bus", "fleet-bridge")
CONNECTED = "connected to the broker"
SECONDS_OF_A_TEST = 1_000
HAPPENS_WITHIN_S = 90.0


@dataclass
class Post:
    """A broker, and a server that knows `van`; each can be stopped and started."""

    children: Children
    folder: Path
    environment: dict[str, str]
    mqtt_port: int
    api_token: str
    server: Child = field(init=False)
    broker: Child = field(init=False)
    bridge: Child = field(init=False)
    url: str = ""
    base_s: int = field(default_factory=lambda: int(time.time()) - 80_000)
    """Of this test's fixes."""

    def start_server(self) -> None:
        port, self.server = start_server(self.children, self.environment, "daphne")
        self.url = f"http://{LOOPBACK}:{port}"

    def start_broker(self) -> None:
        command = [service("TEST_MOSQUITTO"), "-c", str(self.folder / "mosquitto.conf")]
        with (self.folder / "mosquitto.log").open("ab") as log:
            self.broker = self.children.start(command, log=log, errors=log)
        assert wait_until_listening(self.broker, self.mqtt_port, within_s=20)

    def start_bridge(self, *, token: str | None = None) -> Child:
        own = {"FLEET_MQTT_URL": f"mqtt://fleet-bridge:fleet-bridge@{LOOPBACK}:{self.mqtt_port}"}
        if token is not None:
            own["FLEET_MQTT_TOKEN"] = token
        command = [sys.executable, "manage.py", "mqtt_bridge", "--url", self.url]
        with (self.folder / "bridge.log").open("ab") as log:
            environment = self.environment | own
            self.bridge = self.children.start(command, folder=ROOT, environment=environment, log=log, errors=log)
        if token is not None:
            count = self.bridge_log().count(CONNECTED)
            self.wait_for(lambda: self.bridge_log().count(CONNECTED) > count, True)
        return self.bridge

    def wait_for(self, look: Callable[[], Any], expected: Any) -> None:
        deadline_s = time.monotonic() + HAPPENS_WITHIN_S
        while (found := look()) != expected:
            assert time.monotonic() < deadline_s, f"{found}\n{self.bridge_log()}"
            time.sleep(0.1)

    def bridge_log(self) -> str:
        return (self.folder / "bridge.log").read_text()

    def publish(
        self, payload: bytes | dict[str, Any], *, user: str = "van", topic: str = "owntracks/van/phone"
    ) -> None:
        """As the app does; returns once the broker has taken it."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload)
        auth = {"username": user, "password": user}
        publish.single(topic, body, qos=1, hostname=LOOPBACK, port=self.mqtt_port, auth=auth)  # type: ignore[arg-type]

    def stored(self, slug: str = "van") -> list[int]:
        """The seconds of this test's fixes."""
        params = {"from": "2026-01-01T00:00:00Z", "to": "2027-01-30T00:00:00Z"}
        headers = {"Authorization": f"Bearer {self.api_token}"}
        answer = httpx.get(f"{self.url}/api/v1/vehicles/{slug}/track", params=params, headers=headers, trust_env=False)
        seconds = [round(datetime.fromisoformat(row[0]).timestamp()) - self.base_s for row in answer.json()["rows"]]
        return [at_s for at_s in seconds if 0 <= at_s < SECONDS_OF_A_TEST]

    def location(self, at_s: int, **fields: Any) -> dict[str, Any]:
        return {"_type": "location", "tid": "vn", "lat": 57.7, "lon": 11.95, "tst": self.base_s + at_s, **fields}

    def refused(self) -> list[tuple[str, str]]:
        headers = {"Authorization": f"Bearer {self.api_token}"}
        items = httpx.get(f"{self.url}/api/v1/refusals", headers=headers, trust_env=False).json()["items"]
        return [(item["named"], item["reason"]) for item in items]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    tmp_path = tmp_path_factory.mktemp("post")
    environment = clean_environment() | {"FLEET_DATA_DIR": str(tmp_path / "var")}
    login = {"DJANGO_SUPERUSER_USERNAME": "boss", "DJANGO_SUPERUSER_PASSWORD": "x", "DJANGO_SUPERUSER_EMAIL": "b@x.org"}
    boss = ["createsuperuser", "--noinput", "--verbosity", "0"]
    *_, api_token = migrate(environment | login, boss, ["device_token", "van", "--create"], ["api_token", "boss"])
    mqtt_port = free_port()
    configure(tmp_path, mqtt_port)
    with Children() as children:
        made = Post(children, tmp_path, environment, mqtt_port, api_token)
        made.start_broker()
        made.start_server()
        yield made


@pytest.fixture
def post(installation: Post) -> Iterator[Post]:
    """With nothing of other tests: their fixes are of another time."""
    installation.base_s += SECONDS_OF_A_TEST
    (installation.folder / "bridge.log").write_bytes(b"")
    yield installation
    end(installation.bridge)


def configure(folder: Path, mqtt_port: int) -> None:
    """The deployed files with other ports and folders."""
    make_certificate(folder)
    text = (ROOT / "deploy" / "mosquitto.conf").read_text()
    for old, new in {
        "listener 8883": f"listener {free_port()}",
        "listener 1883": f"listener {mqtt_port}",
        "/etc/mosquitto/certs": str(folder),
        "/etc/mosquitto": str(folder),
        "/var/lib/mosquitto": str(folder),
    }.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "mosquitto.conf").write_text(f"{text}\nuser {Path.home().owner()}\n")
    (folder / "acl").write_text((ROOT / "deploy" / "mosquitto.acl").read_text())
    (folder / "passwords").touch(mode=0o600)
    for user in USERS:
        subprocess.run(["mosquitto_passwd", "-b", str(folder / "passwords"), user, user], check=True)


@pytest.fixture(scope="module")
def token(installation: Post) -> str:
    return manage(installation.environment, "device_token", "--gateway")


def test_what_a_phone_publishes_is_stored_for_its_users_vehicle(post: Post, token: str) -> None:
    """Whatever the message says it is; what is no message is passed over, and what follows it is not held up."""
    post.start_bridge(token=token)
    for payload in (b"", b"{", b"[]", b'{"lat": 1, "lon": 2, "id": "bus"}', b"x" * 20_000, b"\xff"):
        post.publish(payload)
    post.publish({"_type": "lwt", "tst": post.base_s})
    post.publish(post.location(1, topic="owntracks/anna/bus"))
    post.publish({"_type": "encrypted", "data": "1Vu7Owp="})
    post.wait_for(post.stored, [1])
    post.wait_for(lambda: ("van", "encrypted") in post.refused(), True)
    end(post.bridge)
    assert "forwarded 3, malformed 6" in post.bridge_log()


def test_a_user_publishes_for_no_other_vehicle(post: Post, token: str) -> None:
    """The broker sees to that; the topic of someone else leads nowhere."""
    post.start_bridge(token=token)
    post.publish(post.location(1), user="bus", topic="owntracks/van/phone")
    post.publish(post.location(2), user="bus", topic="owntracks/bus/phone")
    post.publish(post.location(3))
    post.wait_for(post.stored, [3])
    post.wait_for(lambda: ("bus", "unknown_vehicle") in post.refused(), True)


def test_what_is_published_while_the_bridge_is_away_comes_later(post: Post, token: str) -> None:
    """Its session waits at the broker, also when that is stopped and started."""
    bridge = post.start_bridge(token=token)
    post.publish(post.location(0))
    post.wait_for(post.stored, [0])
    bridge.kill()
    bridge.wait()
    for at_s in range(1, 4):
        post.publish(post.location(at_s))
    end(post.broker)
    post.start_broker()
    post.start_bridge(token=token)
    post.wait_for(post.stored, [0, 1, 2, 3])


def test_nothing_is_acknowledged_before_it_is_stored(post: Post, token: str) -> None:
    """The server is away, the bridge is killed meanwhile, and nothing is lost or doubled."""
    bridge = post.start_bridge(token=token)
    post.publish(post.location(0))
    post.wait_for(post.stored, [0])
    end(post.server)
    for at_s in range(1, 100):
        post.publish(post.location(at_s))
    post.wait_for(lambda: "not stored, tried again later" in post.bridge_log(), True)
    bridge.kill()
    bridge.wait()
    post.start_server()
    post.start_bridge(token=token)
    post.wait_for(post.stored, list(range(100)))


def test_the_bridge_outlives_its_broker(post: Post, token: str) -> None:
    post.start_bridge(token=token)
    post.publish(post.location(0))
    post.wait_for(post.stored, [0])
    end(post.broker)
    post.start_broker()
    post.publish(post.location(1))
    post.wait_for(post.stored, [0, 1])


@pytest.mark.parametrize(
    ("token", "said"), [(None, "FLEET_MQTT_TOKEN must be a gateway's token"), ("wrong", "the server answered 401")]
)
def test_a_bridge_that_cannot_work_says_why(post: Post, token: str | None, said: str) -> None:
    """The message stays at the broker."""
    bridge = post.start_bridge(token=token)
    if token is not None:
        post.publish(post.location(0))
    assert bridge.wait(timeout=30) == 1
    assert re.search(f"CommandError: .*{said}", post.bridge_log())
