"""How often a door is knocked at: token buckets, asked before a body is read."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tracking.domain.directory import Device
from tracking.domain.errors import TooOften
from tracking.live.limits import TokenBucket
from tracking.models import token_digest
from tracking.transports.admission import Scope, header
from tracking.transports.services import Services

DEVICE_REQUESTS_PER_S, DEVICE_BURST = 100, 3_000  # a phone sends its backlog a fix a request, as fast as its network is
STRANGER_REQUESTS_PER_S, STRANGER_BURST = 50, 1_000  # many phones share one address of a mobile network
REMEMBERED_KEYS = 20_000  # of each kind; who was not here for longest starts afresh


class Throttle:
    """A bucket for each key."""

    def __init__(self, *, rate_per_s: float, burst: float) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._buckets: OrderedDict[Hashable, TokenBucket] = OrderedDict()

    def admits(self, key: Hashable, now_s: float) -> bool:
        """False when the key was here too often."""
        bucket = self._buckets.pop(key, None) or TokenBucket(self._rate_per_s, self._burst, self._burst, now_s)
        self._buckets[key] = bucket
        if len(self._buckets) > REMEMBERED_KEYS:
            self._buckets.popitem(last=False)
        return bucket.take(now_s)


class Doorkeeper:
    """One for all doors of a process. Each process counts for itself."""

    def __init__(self, services: Services, *, clock_s: Callable[[], float]) -> None:
        self._services = services
        self._clock_s = clock_s
        self._devices = Throttle(rate_per_s=DEVICE_REQUESTS_PER_S, burst=DEVICE_BURST)
        self._strangers = Throttle(rate_per_s=STRANGER_REQUESTS_PER_S, burst=STRANGER_BURST)

    def admit_known(self, token: str) -> Device | None:
        """The device of the token at once; None when `admit` has to find out more, or to refuse."""
        device = self._services.directory.devices.get(token_digest(token))
        return device if device is not None and self._is_admitted(device) else None

    def _is_admitted(self, device: Device) -> bool:
        return device.vehicle is None or self._devices.admits(device.id, self._clock_s())

    async def admit(self, scope: Scope, token: str | None) -> Device | None:
        """The device of the token; None when it is unknown. Raises TooOften.

        A vehicle's device is counted by itself, whoever shows no known token by address. A gateway stands for a fleet and
        is not counted.
        """
        device = self._services.directory.devices.get(token_digest(token)) if token else None
        if device is None:
            if not self._strangers.admits(address_of(scope), self._clock_s()):
                raise TooOften(f"At most {STRANGER_REQUESTS_PER_S} requests a second without a known token.")
            device = await self._services.find_device(token) if token else None
        if device is not None and not self._is_admitted(device):
            raise TooOften(f"At most {DEVICE_REQUESTS_PER_S} requests a second from one device.")
        return device


def address_of(scope: Scope) -> Any:
    """Of the client; behind the proxy that ends TLS what that one says of it."""
    forwarded = header(scope, b"x-forwarded-for")
    return believed_address((scope.get("client") or ("",))[0], forwarded)


def network_of(request: HttpRequest) -> str | None:
    """The client's address by which logins are counted, of IPv6 the /64 that one customer has; None for what is no address."""
    told = believed_address(request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For"))
    try:
        address = ip_address(told)
    except ValueError:
        return None
    return str(address if address.version == 4 else ip_network((address, 64), strict=False).network_address)


def believed_address(peer: str, forwarded: str | None) -> str:
    """A proxy appends the address it saw to what the client says."""
    if settings.SECURE_PROXY_SSL_HEADER is not None and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return peer
