"""One of the processes behind a proxy is killed."""

import time
from contextlib import AsyncExitStack

import pytest

from benchmarks.load.dispatcher import Dispatcher, fresh_rows, holds, newest_of, running
from fleet_client import HttpReporter, log_in
from tests.deploy.site import Site

WATCHERS = 6
FIXES = 4


async def post_fixes(reporter: HttpReporter) -> int:
    """The newest one's fix time."""
    for number in range(FIXES):
        fix_time = time.time_ns() // 1_000_000
        result = await reporter.report([{"fix_time": fix_time, "lat": 57.70 + number / 1000, "lon": 11.95}])
        assert result.stored + result.duplicates == 1
    return fix_time


async def test_its_watchers_go_on_at_another(large_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the proxy, with their cursors, and end with what a fresh snapshot has."""
    monkeypatch.setenv("SSL_CERT_FILE", str(large_site.certificate))
    url = f"https://{large_site.host}"
    headers, origin = await log_in(url, "dispatcher", "fleet-demo")

    def make_dispatcher() -> Dispatcher:
        return Dispatcher(url, ["region:all"], headers=headers, origin=origin)

    watchers = [make_dispatcher() for _ in range(WATCHERS)]
    async with AsyncExitStack() as stack:
        for watcher in watchers:
            await stack.enter_async_context(running(watcher.watch()))
            await watcher.until_complete()
        reporter = await stack.enter_async_context(HttpReporter(url, large_site.token))
        await post_fixes(reporter)
        large_site.processes[0].kill()
        newest_ms = await post_fixes(reporter)
        await holds(lambda: all(newest_ms in newest_of(watcher.rows).values() for watcher in watchers))
        rows = await fresh_rows(make_dispatcher())
        assert all(watcher.rows == rows for watcher in watchers)
        assert 0 < sum(len(watcher.connections) > 1 for watcher in watchers) < WATCHERS
