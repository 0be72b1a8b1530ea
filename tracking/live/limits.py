"""What one connection may do; every number is told in `welcome`."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import islice

from tracking.live.credit import WINDOW_BYTES, WINDOW_FRAMES

INBOUND_BYTES = 16 * 1024
REPORT_BYTES = 256 * 1024
FIXES_PER_REPORT = 1_000
MESSAGES_PER_S = 20
MESSAGES_BURST = 40
REFUSED_IN_A_ROW = 10
POLLS_PER_S = 40  # eight browsers of a caller, each answered once a tick, and some
POLLS_BURST = 80
CHANNELS = 32
CONNECTIONS_OF_USER = 8
CONNECTIONS_OF_SHARE = 100  # a process: a link may be passed on
HELLO_WITHIN_S = 10
HEARTBEAT_S = 20
PING_AFTER_S = 20
SILENT_AFTER_S = 60
TICK_MS = 250

WELCOME_LIMITS = {
    "inbound_bytes": INBOUND_BYTES,
    "report_bytes": REPORT_BYTES,
    "fixes_per_report": FIXES_PER_REPORT,
    "messages_per_s": MESSAGES_PER_S,
    "polls_per_s": POLLS_PER_S,
    "channels": CHANNELS,
    "window_frames": WINDOW_FRAMES,
    "window_bytes": WINDOW_BYTES,
}


@dataclass(slots=True)
class TokenBucket:
    """Lets `rate_per_s` through in the long run and `burst` at once."""

    rate_per_s: float
    burst: float
    tokens: float
    at_s: float

    def take(self, now_s: float) -> bool:
        """False when the bucket is empty; nothing is taken then."""
        self.tokens = min(self.burst, self.tokens + (now_s - self.at_s) * self.rate_per_s)
        self.at_s = now_s
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class CallerBuckets:
    """A bucket for each caller; who has not asked for so long that it is full is forgotten."""

    def __init__(self, rate_per_s: float, burst: float) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._buckets: OrderedDict[Hashable, TokenBucket] = OrderedDict()

    def of(self, caller: Hashable, now_s: float) -> TokenBucket:
        """To be taken from now."""
        self._forget(now_s)
        bucket = self._buckets.pop(caller, None) or TokenBucket(self._rate_per_s, self._burst, self._burst, now_s)
        self._buckets[caller] = bucket
        return bucket

    def _forget(self, now_s: float) -> None:
        """They lie in the order of their last use."""
        for caller, bucket in list(islice(self._buckets.items(), 2)):
            if now_s - bucket.at_s >= self._burst / self._rate_per_s:
                del self._buckets[caller]

    def __len__(self) -> int:
        return len(self._buckets)
