"""A random history of the product and its readers, and the law that holds whenever everyone has settled."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.transports.law.air import Fate, Trouble
from tests.transports.law.desk import EDGES
from tests.transports.law.knowledge import Known, Row
from tests.transports.law.sockets import SocketClient
from tests.transports.law.streams import SseClient
from tests.transports.law.world import CHANNELS, CLIENTS, TICK_S, FixMade, World
from tracking.domain.events import Event
from tracking.live.closing import CloseCode

FIRST_FIX_MS = int(time.time() * 1000) - 3_600_000
LONS = {"west": 11.5, "east": 12.5, "nowhere": 14.0}
WATCHED = [
    ("few", ["region:west"]),
    ("few", ["region:west", "region:east"]),
    ("boss", ["region:all"]),
    ("boss", ["region:east", "vehicle:van"]),
    ("boss", ["driver:van", "region:west", "region:all"]),
]
SOCKETS = ["json", "packed", "socketio"]
DAY_S = 86_400.0
some_client = st.sampled_from(list(CLIENTS))
some_process = st.integers(0, 1)
some_vehicles = st.lists(st.integers(1, 4), min_size=1, max_size=4, unique=True)
some_fates = st.lists(st.sampled_from(Fate), max_size=4)
some_time_s = st.sampled_from([0.01, TICK_S, TICK_S, 1.0, 1.0, 6.0, 12.0, 35.0, 70.0, 700.0, DAY_S])


class Truth(NamedTuple):
    """Of one channel, by the store."""

    rows: dict[int, Row]
    events: list[Event]


class LiveLaw(RuleBasedStateMachine):
    """Commits, a bus that fails, lost connections, slow readers, restarts, rights that come and go, and time."""

    def __init__(self, make_world: Callable[[], World], faults: list[str]) -> None:
        super().__init__()
        self.make_world = make_world
        self.faults = faults
        self.time_s = 0
        self.withdrawn: set[tuple[str, str]] = set()

    @initialize(watched=st.tuples(*[st.sampled_from(WATCHED)] * len(CLIENTS)))
    def start(self, watched: tuple[tuple[str, list[str]], ...]) -> None:
        self.world = self.make_world()
        self.run(self.world.begin())
        for name, (role, channels) in zip(CLIENTS, watched, strict=True):
            self.world.make_client(name, f"{role} {name}", channels)

    def run(self, work: Any) -> Any:
        return self.world.hands.run(work)

    def do(self, call: Callable[[], Any]) -> Any:
        """In the event loop."""

        async def work() -> Any:
            return call()

        return self.run(work())

    @rule(
        process=some_process,
        vehicles=some_vehicles,
        place=st.sampled_from(list(LONS)),
        age_s=st.sampled_from([0, 0, 0, 5]),
        fates=some_fates,
        ticks=st.integers(0, 1),
    )
    def commit(self, process: int, vehicles: list[int], place: str, age_s: int, fates: list[Fate], ticks: int) -> None:
        self.time_s += 1
        fixes = [self.fix(vehicle, LONS[place], age_s) for vehicle in vehicles if vehicle in self.world.desk.names]
        self.world.air.fates.extend(fates)
        if fixes:
            self.run(self.world.post(self.at(process), fixes))
        self.run(self.world.hands.advance(ticks * TICK_S))

    def fix(self, vehicle: int, lon: float, age_s: int) -> FixMade:
        """A late one lies between two others: at one time a vehicle is at one place."""
        time_ms = FIRST_FIX_MS + (self.time_s - age_s) * 1000 + age_s * 100
        return FixMade(vehicle, time_ms, lon, round(3.14 + vehicle, 2))

    def at(self, process: int) -> int:
        return process % len(self.world.processes)

    @rule(is_reversed=st.booleans(), keeps=st.booleans())
    def late_news(self, is_reversed: bool, keeps: bool) -> None:
        self.world.air.deliver_late(is_reversed=is_reversed, keeps=keeps)

    @rule(process=some_process, trouble=st.sampled_from(Trouble))
    def bus_fails_or_returns(self, process: int, trouble: Trouble) -> None:
        self.world.processes[self.at(process)].line.break_down(trouble)

    @rule(by_s=some_time_s)
    def time_passes(self, by_s: float) -> None:
        self.run(self.world.hands.advance(by_s))

    @rule(name=some_client)
    def hear(self, name: str) -> None:
        self.do(self.world.clients[name].hear)

    @rule(name=some_client, arrive=st.integers(0, 3))
    def connection_breaks(self, name: str, arrive: int) -> None:
        self.do(partial(self.world.clients[name].cut, arrive=arrive))

    @rule(name=some_client, process=some_process, arrive=st.integers(0, 3))
    def come_back(self, name: str, process: int, arrive: int) -> None:
        """To this or the other process, with all that is known."""
        client = self.world.clients[name]
        self.do(partial(client.cut, arrive=arrive))
        self.do(partial(client.connect, self.world.processes[self.at(process)].application))

    @rule(name=some_client, is_held=st.booleans())
    def slow_down_or_speed_up(self, name: str, is_held: bool) -> None:
        self.world.clients[name].hold(is_held=is_held)

    @rule(name=st.sampled_from(SOCKETS), number=st.integers(0, 2))
    def join_again(self, name: str, number: int) -> None:
        """On the same connection."""
        client = self.world.clients[name]
        channels = list(client.open_channels)
        if channels and client.is_online and not client.is_held:
            self.do(client.hear)
            self.do(partial(client.join_again, channels[number % len(channels)]))

    @rule(process=some_process, is_drained=st.booleans())
    def restart(self, process: int, is_drained: bool) -> None:
        self.run(self.world.restart(self.at(process), is_drained=is_drained))

    @rule(name=some_client, region=st.sampled_from(list(EDGES)))
    def withdraw(self, name: str, region: str) -> None:
        """An open socket or stream hears it at once, a poll with its next answer; after that nobody sees more."""
        client, channel = self.world.clients[name], f"region:{region}"
        known = client.open_channels.get(channel)
        if known is None or not self.world.people[name].startswith("few"):
            return
        client.hold(is_held=False)
        self.run(self.world.hear_all())
        self.world.desk.withdraw(self.world.people[name], region)
        self.run(self.world.look_at_office())
        if isinstance(client, SocketClient | SseClient) and client.is_online:
            self.do(client.hear)
            assert not known.may_see
        self.withdrawn.add((name, region))

    @precondition(lambda self: self.withdrawn)
    @rule(number=st.integers(0, 5))
    def grant(self, number: int) -> None:
        name, region = sorted(self.withdrawn)[number % len(self.withdrawn)]
        self.withdrawn.discard((name, region))
        self.world.desk.grant(self.world.people[name], region)
        self.run(self.world.look_at_office())
        self.run(self.world.hear_all())
        client = self.world.clients[name]
        if not client.channels[f"region:{region}"].may_see:
            self.do(partial(client.regain, f"region:{region}"))

    @rule(name=some_client)
    def log_out_and_in(self, name: str) -> None:
        """Whoever is connected is sent away."""
        client, person = self.world.clients[name], self.world.people[name]
        client.hold(is_held=False)
        self.run(self.world.hear_all())
        is_told = client.is_online and isinstance(client, SocketClient | SseClient)
        self.world.desk.log_out(person)
        self.run(self.world.look_at_office())
        self.run(self.world.hear_all())
        assert not is_told or (client.bye == CloseCode.WITHDRAWN and not client.is_online)
        self.do(partial(client.cut, arrive=0))
        self.world.desk.log_in(person)
        client.headers = self.world.desk.headers(person)

    @rule(vehicle=st.integers(1, 3), name=st.sampled_from(["red", "blue"]), looks=some_process)
    def rename(self, vehicle: int, name: str, looks: int) -> None:
        """One process hears of it before the other."""
        self.world.desk.call_vehicle(vehicle, name)
        self.run(self.world.processes[self.at(looks)].look_at_office())

    @precondition(lambda self: len(self.world.desk.names) < 4)
    @rule(looks=some_process)
    def new_vehicle(self, looks: int) -> None:
        self.world.desk.add_vehicle()
        self.run(self.world.processes[self.at(looks)].look_at_office())

    @rule(process=some_process, author=st.sampled_from(["boss", "van"]))
    def write(self, process: int, author: str) -> None:
        self.run(self.world.write(self.at(process), author))

    @rule(
        process=some_process,
        vehicle=st.integers(1, 3),
        what=st.sampled_from(["open", "open", "end", "acknowledge"]),
        fates=some_fates,
    )
    def alert(self, process: int, vehicle: int, what: str, fates: list[Fate]) -> None:
        """Also of a vehicle that has never been anywhere, and of one that has several."""
        self.world.air.fates.extend(fates)
        number = self.at(process)
        match what:
            case "open":
                self.run(self.world.open_alert(number, vehicle))
            case "end":
                self.run(self.world.end_alert(number, vehicle))
            case "acknowledge":
                self.run(self.world.acknowledge(number, vehicle))

    @rule(back_to=some_process)
    def everyone_settles(self, back_to: int) -> None:
        """Then everyone knows what somebody sees who has just come, and has heard of all events of before."""
        events = self.world.events()
        self.run(self.world.settle(self.at(back_to)))
        truth = {
            channel: Truth(self.world.rows(channel), self.world.of_channel(channel, events)) for channel in CHANNELS
        }
        for name, client in self.world.clients.items():
            for channel, known in client.open_channels.items():
                self.check(f"{name}, {channel}", known, truth[channel])
        for process in self.world.processes:
            for channel, known in self.run(self.world.fresh(process)).items():
                self.check(f"fresh, {channel}", known, truth[channel]._replace(events=[]))
        assert not self.faults

    def check(self, who: str, known: Known, truth: Truth) -> None:
        assert known.rows == truth.rows, who
        names = self.world.desk.names
        assert {v: known.names.get(v) for v in known.rows} == {v: names[v] for v in known.rows}, who
        assert known.lacks(truth.events) == [], who

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.run(self.world.end())
            self.world.hands.close()
