"""Redis is killed under load and started again."""

from pathlib import Path

import pytest

from benchmarks.redis_kills import redis_kills
from scripts.support.children import free_port

TIMES = 3


@pytest.mark.postgres
@pytest.mark.redis
async def test_dispatchers_see_all_that_was_acknowledged_after_redis_was_killed(tmp_path: Path) -> None:
    """On both processes, over the very sockets they had, and no fix is lost."""
    ports = free_port(), free_port(), free_port()
    kills = [kill async for kill in redis_kills(tmp_path, times=TIMES, ports=ports)]
    assert [kill.sockets_closed for kill in kills] == [0] * TIMES
    assert kills[-1].acknowledged > 200 and kills[-1].lost == 0
