"""Clients without a WebSocket: server-sent events, long polling and AJAX polling."""

import json
from typing import Any
from urllib.parse import urlencode

from tests.transports.law.asgi import Call, answer_of, call_http
from tests.transports.law.client import Client
from tracking.live.closing import CloseCode

BYE_OF_STATUS = {401: CloseCode.UNAUTHENTICATED, 503: CloseCode.DRAIN}


class SseClient(Client):
    """A held one reads nothing, so that its server finds it slow."""

    def _open(self) -> Call:
        self._text = b""
        return call_http(self.application, "/live/v1/sse", query=query_of(self), headers=self.headers)

    def hold(self, *, is_held: bool) -> None:
        super().hold(is_held=is_held)
        if self._call is not None:
            self._call.hold(is_held=is_held)

    def _read(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.bye = None if message["status"] == 200 else BYE_OF_STATUS[message["status"]]
        elif self.bye is None:
            *events, self._text = (self._text + message["body"]).split(b"\n\n")
            for event in events:
                self._take(event.decode())

    def _take(self, event: str) -> None:
        fields = dict(line.split(": ", 1) for line in event.splitlines())
        if "data" in fields:
            self._apply(json.loads(fields["data"]))


class LongPollClient(Client):
    """Has a question open all the time, and asks the next one when it is answered."""

    wait_s = 20

    def _open(self) -> Call:
        self._asked = list(self.open_channels)
        query = f"{query_of(self)}&wait={self.wait_s}"
        return call_http(self.application, "/live/v1/poll", query=query, headers=self.headers)

    def hear(self, most: int | None = None) -> bool:
        """False for an answer that says that there is nothing."""
        if self._call is None or self.is_held or not self._call.has_ended or most == 0:
            return False
        answer = answer_of(self._call)
        self._leave()
        if answer.status == 200:
            self._take(answer.json())
        elif answer.status != 304:
            self.bye = BYE_OF_STATUS[answer.status]
        if self.bye is None:
            self._ask_on()
        return answer.status == 200

    def _ask_on(self) -> None:
        if self.open_channels:
            self._call = self._open()

    def _take(self, answer: dict[str, Any]) -> None:
        for message in answer["messages"]:
            self._apply(message)
        for channel, cursor in zip(self._asked, answer["cursor"].split(","), strict=True):
            if self.channels[channel].may_see:
                self.channels[channel].cursor = cursor

    def _read(self, message: dict[str, Any]) -> None:
        raise AssertionError("answers are taken whole")


class PollClient(LongPollClient):
    """Asks whenever it is to hear."""

    wait_s = 0

    @property
    def is_online(self) -> bool:
        return self.application is not None and self.bye is None and bool(self.open_channels)

    @property
    def is_due(self) -> bool:
        return self._call is not None and not self.is_held and not self._call.has_ended

    def hear(self, most: int | None = None) -> bool:
        if self._call is None and self.is_online and not self.is_held:
            self._call = self._open()
        return super().hear(most)

    def _ask_on(self) -> None:
        """Not before it is to hear again."""


def query_of(client: Client) -> str:
    """Its channels and their cursors."""
    known = client.open_channels
    cursors = ",".join(one.cursor for one in known.values())
    return urlencode([*(("channel", channel) for channel in known), ("cursor", cursors)])
