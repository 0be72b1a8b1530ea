"""A right withdrawn anywhere reaches the open sockets of every process, on PostgreSQL."""

import asyncio
import json

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.deploy.site import Site
from tests.deploy.test_several_processes import watch

WITHIN_S = 10.0


async def ended(socket: ClientConnection) -> tuple[int, int | None]:
    """The codes of the last message and of the close."""
    said: dict[str, int] = {}
    async with asyncio.timeout(WITHIN_S):
        try:
            while True:
                said = json.loads(await socket.recv())
        except ConnectionClosed:
            return said["code"], socket.close_code


async def test_logging_out_ends_the_sockets_of_every_process(large_site: Site) -> None:
    with large_site.client() as client:
        large_site.log_in(client)
        cookie = f"sessionid={client.cookies['sessionid']}"
        sockets = [await watch(large_site, port, cookie) for port in large_site.web_ports]
        form = {"csrfmiddlewaretoken": client.cookies["csrftoken"]}
        answer = client.post("/logout/", data=form, headers={"Referer": f"https://{large_site.host}/"})
        assert answer.status_code == 302
        assert [await ended(socket) for socket in sockets] == [(4505, 4505)] * len(sockets)
