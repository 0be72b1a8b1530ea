"""How much a reader may be sent before it acknowledges; what bounds the memory that a slow one costs."""

from dataclasses import dataclass, field

WINDOW_FRAMES = 8
MOST_WINDOW_FRAMES = 64
WINDOW_BYTES = 256 * 1024
PROGRESS_WITHIN_S = 30


@dataclass(slots=True)
class Credit:
    """Of one connection; `window` in frames."""

    window: int = WINDOW_FRAMES
    _unacknowledged: list[tuple[int, int]] = field(default_factory=list)  # a deque has 700 bytes when it is empty
    _bytes: int = 0
    _progress_s: float = 0.0

    @property
    def is_left(self) -> bool:
        return len(self._unacknowledged) < self.window and self._bytes < WINDOW_BYTES

    @property
    def frames(self) -> int:
        """Sent and not acknowledged."""
        return len(self._unacknowledged)

    def spend(self, seq: int, size: int, *, now_s: float) -> None:
        if not self._unacknowledged:
            self._progress_s = now_s
        self._unacknowledged.append((seq, size))
        self._bytes += size

    def acknowledge(self, seq: int, *, now_s: float) -> bool:
        """True when credit is back that was used up."""
        was_left, before = self.is_left, self._bytes
        while self._unacknowledged and self._unacknowledged[0][0] <= seq:
            self._bytes -= self._unacknowledged.pop(0)[1]
        if self._bytes < before:
            self._progress_s = now_s
        return self.is_left and not was_left

    def is_stuck(self, now_s: float) -> bool:
        """Used up, and nothing was acknowledged for too long."""
        return not self.is_left and now_s - self._progress_s >= PROGRESS_WITHIN_S
