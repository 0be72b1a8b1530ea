"""The exceptions of the product.

FleetError
├── BadRequest        the caller's bytes cannot be read as what they should be
├── Invalid           what was sent cannot be kept; names each field and why
├── Outdated          what was to be changed is no longer what the caller read
├── TooOften          the caller sends more often than it may
├── Unavailable       the store cannot take or give anything now; trying again can help
│   └── Overloaded    more waits to be stored than allowed
└── StoreMismatch     the telemetry store was made by a newer version
"""

from collections.abc import Sequence


class FleetError(Exception):
    """Base of all."""


class BadRequest(FleetError):
    """Carries a sentence for the caller and a short code for programs."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Invalid(FleetError):
    """`fields` are pairs of a field and what is wrong with it."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in fields))
        self.fields = fields


class Outdated(FleetError):
    """Carries a sentence for the caller."""


class TooOften(FleetError):
    """After `retry_after_s` at least one more is let through."""

    def __init__(self, reason: str, *, retry_after_s: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s


class Unavailable(FleetError):
    """`retry_after_s` is how long the caller should wait at least."""

    def __init__(self, reason: str, *, retry_after_s: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s


class Overloaded(Unavailable):
    """The queue is full; nothing of the request was kept."""


class StoreMismatch(FleetError):
    """Names the version found and the newest one known."""
