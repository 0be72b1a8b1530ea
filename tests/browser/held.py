"""Answers that come late, for as long as a test needs to do something before."""

import time

from playwright.sync_api import Page, Route

ASKED_WITHIN_S = 15


class Held:
    """From now on the requests of one method to addresses of a pattern wait until they are let go."""

    def __init__(self, page: Page, pattern: str, method: str = "GET") -> None:
        self._page, self._method = page, method
        self._waiting: list[Route] | None = []
        page.route(pattern, self._take)

    def _take(self, route: Route) -> None:
        if self._waiting is None or route.request.method != self._method:
            route.continue_()
        else:
            self._waiting.append(route)

    def wait_for_one(self) -> None:
        """Until the page has asked."""
        deadline = time.monotonic() + ASKED_WITHIN_S
        while not self._waiting:
            assert time.monotonic() < deadline, "the page did not ask"
            self._page.wait_for_timeout(20)

    def let_go(self) -> None:
        """One has been asked and is answered then."""
        self.wait_for_one()
        routes, self._waiting = self._waiting or [], None
        with self._page.expect_response(lambda answer: answer.request == routes[-1].request):
            for route in routes:
                route.continue_()
