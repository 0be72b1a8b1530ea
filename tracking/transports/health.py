"""What machines ask about this process: `/healthz`, `/readyz` and `/metrics`, bare apps that need no host name and no cookie."""

import asyncio
import hmac
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any

from tracking.domain.errors import Unavailable
from tracking.transports.drain import Drain
from tracking.transports.http import Receive, Send, bearer_of
from tracking.transports.metrics import FleetCollector, render
from tracking.transports.services import Services

READ_WITHIN_S = 2.0
PLAIN = b"text/plain; charset=utf-8"
PROXY_HEADERS = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-proto", b"x-real-ip"})


class HealthApp:
    """`read_store` is called in a thread and raises Unavailable; `metrics_token` empty: nobody but this machine asks."""

    def __init__(
        self, services: Services, drain: Drain, *, read_store: Callable[[], object], metrics_token: str
    ) -> None:
        self._services = services
        self._drain = drain
        self._read_store = read_store
        self._metrics_token = metrics_token
        self.ways = {"/healthz": self._healthz, "/readyz": self._readyz, "/metrics": self._metrics}

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        status, body = await self.ways[scope["path"]](scope)
        headers = [
            (b"content-type", PLAIN),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})

    async def _healthz(self, _scope: Mapping[str, Any]) -> tuple[int, bytes]:
        return 200, b"alive\n"

    async def _readyz(self, _scope: Mapping[str, Any]) -> tuple[int, bytes]:
        """Whether new requests are welcome: the office is known, the store answers, and no end is near."""
        if self._drain.is_on:
            return 503, b"draining\n"
        try:
            await self._services.start()
            async with asyncio.timeout(READ_WITHIN_S):
                await asyncio.to_thread(self._read_store)
        except (Unavailable, TimeoutError):
            return 503, b"the store does not answer\n"
        return 200, b"ready\n"

    async def _metrics(self, scope: Mapping[str, Any]) -> tuple[int, bytes]:
        if not self._may_see_metrics(scope):
            return 403, b"from this machine, or with FLEET_METRICS_TOKEN as bearer\n"
        collector = FleetCollector(
            self._services.counters,
            under_way=self._drain.under_way,
            is_bus_stale=self._services.feed.bus.is_stale,
            is_draining=self._drain.is_on,
        )
        return 200, render(collector)

    def _may_see_metrics(self, scope: Mapping[str, Any]) -> bool:
        headers = dict(scope["headers"])
        token = bearer_of(headers)
        if token is not None and self._metrics_token:
            return hmac.compare_digest(token.encode("latin-1"), self._metrics_token.encode())
        return is_direct_from_this_machine(scope.get("client"), headers)


def is_direct_from_this_machine(client: Any, headers: Mapping[bytes, bytes]) -> bool:
    """Whatever a proxy on this machine passes on comes from loopback as well, but says so."""
    if not client or headers.keys() & PROXY_HEADERS:
        return False
    try:
        return ip_address(client[0]).is_loopback
    except ValueError:
        return False
