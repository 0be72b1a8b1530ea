"""The deployed configurations of nginx and haproxy, each in front of a real server."""

import json
import re
import time
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.deploy.proxies import HAPROXY_CFG, NGINX_CONF
from tests.deploy.site import Site
from tracking.live.limits import HEARTBEAT_S
from tracking.transports.posting import MAX_SENT_BYTES

SUBPROTOCOL = "fleet.v1.json"
BYTES_OF_UNIT = {"k": 1024, "m": 1024**2}


def make_fix(**fields: Any) -> dict[str, Any]:
    return {"fix_time": int(time.time() * 1000), "lat": 57.7, "lon": 11.95, **fields}


def bearer(site: Site) -> dict[str, str]:
    return {"Authorization": f"Bearer {site.token}"}


async def tell(socket: ClientConnection, **message: Any) -> dict[str, Any]:
    """Sends it and gives the answer."""
    await socket.send(json.dumps(message))
    return json.loads(await socket.recv())


def test_plain_http_is_sent_to_https(site: Site) -> None:
    """The path and the query stay."""
    answer = httpx.get(f"http://localhost:{site.http_port}/login/?next=/", trust_env=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://localhost/login/?next=/")


def test_pages_and_their_files_come_over_https(site: Site) -> None:
    """Static files come from the same processes."""
    with site.client() as client:
        page = client.get("/login/")
        assert page.status_code == 200
        paths = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
        assert paths and all(client.get(path).status_code == 200 for path in paths)


def test_static_files_come_for_any_host(site: Site) -> None:
    """The health check of the nginx container asks for one by address."""
    with site.client() as client:
        assert client.get("/static/favicon.svg", headers={"Host": "203.0.113.1"}).status_code == 200


def test_the_server_knows_that_it_is_behind_tls(site: Site) -> None:
    """A login passes the origin check, and its cookies are for https only."""
    with site.client() as client:
        answer = site.log_in(client)
        assert answer.status_code == 302
        cookies = answer.headers.get_list("Set-Cookie")
        assert any(cookie.startswith("sessionid=") for cookie in cookies)
        assert all("Secure" in cookie for cookie in cookies)


def test_a_fix_is_stored_through_the_proxy(site: Site) -> None:
    """The answer is the server's own."""
    with site.client() as client:
        answer = client.post("/api/v1/fixes", json=make_fix(), headers=bearer(site))
        assert (answer.status_code, answer.json()["stored"]) == (200, 1)


def test_a_phones_address_is_served_and_logged_nowhere(site: Site) -> None:
    """It holds the token, and a phone may have been given the plain address."""
    with site.client() as client:
        assert client.get("/healthz").status_code == 200
        answer = client.post(f"/in/{site.token}", json={"_type": "lwt"})
        assert (answer.status_code, answer.json()) == (200, [])
        assert client.post("/in/wrong-token", json={"_type": "lwt"}).status_code == 401
    httpx.post(f"http://localhost:{site.http_port}/in/{site.token}", trust_env=False)
    if site.access_log.exists():
        text = site.access_log.read_text()
        assert "/healthz" in text and site.token not in text and "wrong-token" not in text


def test_a_post_above_the_limit_is_refused_with_the_servers_reason(site: Site) -> None:
    """A problem document, not a page of the proxy."""
    with site.client() as client:
        answer = client.post("/api/v1/fixes", content=b" " * (MAX_SENT_BYTES + 1), headers=bearer(site))
        assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")


async def test_a_device_speaks_over_wss(site: Site) -> None:
    """The upgrade passes, with its subprotocol, and a report is stored."""
    async with connect(f"wss://{site.host}/live/v1/ws", ssl=site.tls, subprotocols=[SUBPROTOCOL], proxy=None) as socket:
        assert socket.subprotocol == SUBPROTOCOL
        welcome = await tell(socket, type="hello", token=site.token)
        assert (welcome["type"], welcome["heartbeat_s"]) == ("welcome", HEARTBEAT_S)
        answer = await tell(socket, type="report", id=1, fixes=[make_fix()])
        assert (answer["type"], answer["result"]["stored"]) == ("ok", 1)


async def test_a_page_of_the_site_may_watch(site: Site) -> None:
    """Host and origin arrive as the browser sent them, so that the cookie counts."""
    with site.client() as client:
        site.log_in(client)
        cookie = f"sessionid={client.cookies['sessionid']}"
    async with connect(
        f"wss://{site.host}/live/v1/ws",
        ssl=site.tls,
        subprotocols=[SUBPROTOCOL],
        origin=f"https://{site.host}",
        additional_headers={"Cookie": cookie},
        proxy=None,
    ) as socket:
        assert (await tell(socket, type="hello"))["type"] == "welcome"
        assert (await tell(socket, type="join", id=1, channel="region:all"))["type"] == "ok"
        assert json.loads(await socket.recv())["type"] == "snapshot"


def test_quiet_connections_outlive_missed_heartbeats() -> None:
    """A proxy closes what is silent; a live connection speaks once in a heartbeat."""
    found = re.findall(r"proxy_(?:read|send)_timeout (\d+)s;", NGINX_CONF.read_text())
    found += re.findall(r"timeout (?:client|server|tunnel) (\d+)s\n", HAPROXY_CFG.read_text())
    assert len(found) == 5 and all(int(seconds) > 3 * HEARTBEAT_S for seconds in found)


def test_no_client_is_tied_to_a_process() -> None:
    """Any process answers any request and any cursor."""
    text = NGINX_CONF.read_text() + HAPROXY_CFG.read_text()
    assert not re.search(
        r"^\s*(ip_hash|hash|sticky|stick|stick-table|cookie|balance (?!roundrobin)\S+)\b", text, re.MULTILINE
    )


def test_nginx_lets_through_what_the_server_takes() -> None:
    """With room for the server to refuse what is a little too large."""
    found = re.search(r"client_max_body_size (\d+)([km]);", NGINX_CONF.read_text())
    assert found is not None and int(found[1]) * BYTES_OF_UNIT[found[2]] > MAX_SENT_BYTES
