"""Posts records of phone apps, as they are, with the token of a gateway."""

import gzip
import json
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any, Self

from fleet_client.http import TRY_AGAIN, Exchange, loads_or_none, retry_after_s
from fleet_client.results import NotAuthorised, Rejected


class Busy(Exception):
    """The server is away or asks to wait; nothing of the post counts as stored."""

    def __init__(self, reason: str, *, at_least_s: float = 0.0) -> None:
        super().__init__(reason)
        self.at_least_s = at_least_s


class PhoneDoor:
    """Blocks; one post after the other."""

    def __init__(self, url: str, token: str) -> None:
        self._exchange = Exchange(url)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._exchange.abort()

    def post(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Returns when all that the server takes is stored; what it refuses is told there. Raises Busy, NotAuthorised or Rejected."""
        body = gzip.compress(json.dumps(records).encode(), 1)
        try:
            answer = self._exchange.request("POST", "/in", body, self._headers)
        except (OSError, HTTPException) as error:
            raise Busy(f"no answer from the server: {error!r}") from error
        if answer.status == 200:
            return
        value = loads_or_none(answer.body)
        reason = f"the server answered {answer.status}: {value.get('detail') if isinstance(value, dict) else 'no reason given'}"
        if answer.status in TRY_AGAIN or answer.status >= 500:
            raise Busy(reason, at_least_s=retry_after_s(answer.headers))
        raise NotAuthorised(reason) if answer.status in {401, 403} else Rejected(reason)
