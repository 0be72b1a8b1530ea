"""What the machine does: CPU of a process tree, work of others, quiet moments."""

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

CLOCK_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
QUIET_CORES = 0.3
LOOK_S = 0.5


def tree_cpu_s(root: int) -> float:
    """User and system time of a process and all below it that live."""
    return sum(int(fields[11]) + int(fields[12]) for fields in _tree(root)) * CLOCK_TICK_S


def tree_rss_mb(root: int) -> float:
    """Resident set of a process and all below it."""
    return sum(int(fields[21]) for fields in _tree(root)) * PAGE_BYTES / 1e6


def _tree(root: int) -> Iterator[list[str]]:
    """Of each process what /proc/…/stat says after its name."""
    stats, children = {}, defaultdict(list)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        children[int(fields[1])].append(int(entry.name))
        stats[int(entry.name)] = fields
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        waiting += children[pid]
        if pid in stats:
            yield stats[pid]


def busy_cpu_s() -> float:
    """What all processors together have worked since the machine started."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) * CLOCK_TICK_S


def wait_until_quiet(*, patience_s: float = 10) -> None:
    """Returns once the machine works less than QUIET_CORES, or when patience ends."""
    end_s = time.monotonic() + patience_s
    while time.monotonic() < end_s:
        before_s = busy_cpu_s()
        time.sleep(LOOK_S)
        if (busy_cpu_s() - before_s) / LOOK_S < QUIET_CORES:
            return
