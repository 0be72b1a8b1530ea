"""Hours of Unix time, by which fixes are sealed and ways are summed up."""

import numpy as np

from tracking.domain.quality import Ints

HOUR_MS = 3_600_000


def hours_of(times: Ints) -> list[tuple[int, int, int]]:
    """Of times in order: each hour, and from which to before which row it has them."""
    hours = times // HOUR_MS
    begins = np.flatnonzero(np.diff(hours, prepend=-1)).tolist()
    return list(zip(hours[begins].tolist(), begins, [*begins, len(times)][1:], strict=True))
