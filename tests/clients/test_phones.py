"""Records of phone apps go to the door for phones as they are."""

import pytest

from fleet_client import NotAuthorised, Rejected
from fleet_client.phones import Busy, PhoneDoor
from tests.clients.fake_server import TOKEN, WRONG_TOKEN, fake_http

RECORDS = [{"_type": "location", "lat": 57.7}, {"_type": "lwt"}]


def test_records_arrive_in_one_post() -> None:
    with fake_http() as server, PhoneDoor(server.url, TOKEN) as door:
        door.post(RECORDS)
        assert server.fixes == RECORDS and len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "at_least_s"), [((503, {"Retry-After": "7"}), 7.0), ((429, {}), 0.0), ((500, {}), 0.0), (None, 0.0)]
)
def test_a_server_that_cannot_now_is_busy(answer: tuple[int, dict[str, str]] | None, at_least_s: float) -> None:
    """Also one that fails or hangs up: nothing is known to be stored. The same door works again."""
    with fake_http() as server, PhoneDoor(server.url, TOKEN) as door:
        server.script = [answer]
        with pytest.raises(Busy) as busy:
            door.post(RECORDS)
        assert busy.value.at_least_s == at_least_s
        door.post(RECORDS)
        assert server.fixes == RECORDS


def test_a_server_that_never_will_says_why() -> None:
    with fake_http() as server, PhoneDoor(server.url, WRONG_TOKEN) as stranger, PhoneDoor(server.url, TOKEN) as door:
        with pytest.raises(NotAuthorised, match="401: The token is unknown"):
            stranger.post(RECORDS)
        server.script = [(404, {})]
        with pytest.raises(Rejected, match="404: as scripted"):
            door.post(RECORDS)
