"""Processes of the product on one store, the readers of their live streams, and what these ought to know."""

import asyncio
import json
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, NamedTuple

from fleet.asgi import django_application
from tests.transports.law.air import Air, Line, Trouble
from tests.transports.law.asgi import Answer, ask
from tests.transports.law.client import Client
from tests.transports.law.desk import EDGES, Desk
from tests.transports.law.hands import Hands, calm
from tests.transports.law.knowledge import Known, Row
from tests.transports.law.sockets import PackedClient, SocketClient, SocketIoClient
from tests.transports.law.streams import LongPollClient, PollClient, SseClient
from tracking.domain.alerts import Breach, happening_of
from tracking.domain.events import Event, EventKind, Happening
from tracking.domain.latest import Changes
from tracking.domain.region_rules import Rule, RuleKind
from tracking.domain.status import Status
from tracking.ingest.commit import Committed
from tracking.ingest.watchman import alarms_after, open_alerts
from tracking.live import limits
from tracking.live.feed import REPAIR_EVERY_S
from tracking.live.room import row_of
from tracking.storage.telemetry import Telemetry, Transaction
from tracking.transports.drain import SETTLE_WITHIN_S
from tracking.wiring import Fleet, make_application

CLIENTS: dict[str, type[Client]] = {
    "json": SocketClient,
    "packed": PackedClient,
    "sse": SseClient,
    "long poll": LongPollClient,
    "poll": PollClient,
    "socketio": SocketIoClient,
}
TICK_S = limits.TICK_MS / 1000
BUS_IS_KNOWN_TO_BE_AWAY_AFTER_S = (1, 3)
CHANNELS = ["region:west", "region:east", "region:all", "vehicle:van", "driver:van"]
MOST_EVENTS = 100_000
LAT = 57.7


class FixMade(NamedTuple):
    """`vehicle` is its id."""

    vehicle: int
    fix_time: int
    lon: float
    speed_mps: float


class Process:
    """One that runs; `line` is its end of the bus."""

    def __init__(self, store: Telemetry, air: Air) -> None:
        self.line = Line(air)
        self.fleet = Fleet(store, self.line, retention_days=400)
        self.application = make_application(self.fleet, django_application)

    async def ask(self, path: str, **request: Any) -> Answer:
        return await ask(self.application, path, **request)

    async def change_alerts(self, work: Callable[[Transaction], Sequence[Happening]]) -> None:
        """As the watchman does it, in a transaction of this process."""

        def chore(transaction: Transaction) -> Committed:
            events = transaction.append_events(work(transaction), {})
            alarms = alarms_after(transaction, events)
            return Committed([], Changes(), events, {}, transaction.changed_ms, alarms=alarms)

        self.fleet._on_commit(await self.fleet._writer.do(chore))

    async def look_at_office(self) -> None:
        """It learns what has changed there, and acts on it."""
        await self.fleet.admission.identify_token("nobody's")

    async def end(self) -> None:
        await self.fleet.stop()
        self.line.hang_up()


class World:
    """`open_store` opens the one store once more."""

    def __init__(self, hands: Hands, desk: Desk, open_store: Callable[[], Telemetry], *, processes: int) -> None:
        self.hands = hands
        self.desk = desk
        self.air = Air()
        self.store = open_store()
        self._stores = [self.store]
        self._open_store = open_store
        self._keys = count()
        self.newest: dict[int, FixMade] = {}
        self.clients: dict[str, Client] = {}
        self.people: dict[str, str] = {}
        self.processes = [self._begin_process() for _ in range(processes)]

    def _begin_process(self) -> Process:
        self._stores.append(self._open_store())
        return Process(self._stores[-1], self.air)

    def make_client(self, name: str, person: str, channels: list[str]) -> None:
        self.people[name] = person
        self.clients[name] = CLIENTS[name](channels, self.desk.headers(person), self.newest_event)

    def newest_event(self) -> int:
        return int(self.store.read("SELECT coalesce(max(id), 0) FROM event")[0][0])

    async def begin(self) -> None:
        for process in self.processes:
            await process.fleet.start()

    async def end(self) -> None:
        for client in self.clients.values():
            client.cut(arrive=0)
        for process in self.processes:
            process.line.trouble = Trouble.NONE
        await self.hands.advance(sum(BUS_IS_KNOWN_TO_BE_AWAY_AFTER_S))
        for process in self.processes:
            await process.end()
        for call in (call for client in self.clients.values() for call in client.calls):
            assert call.has_ended
            call.task.result()
        for store in self._stores:
            store.close()

    async def restart(self, number: int, *, is_drained: bool) -> None:
        """Its readers are cut off, unless they have heard that they shall go."""
        process = self.processes[number]
        process.line.trouble = Trouble.NONE
        readers = [client for client in self.clients.values() if client.application is process.application]
        draining = asyncio.create_task(process.fleet.drain.run(spread_s=0)) if is_drained else None
        await calm()
        for client in readers:
            client.cut(arrive=MOST_EVENTS if is_drained else 0)
            client.application = None
        if draining is not None:
            await self.hands.advance(SETTLE_WITHIN_S)
            await draining
        await process.end()
        self.processes[number] = self._begin_process()
        await self.processes[number].fleet.start()

    async def post(self, number: int, fixes: list[FixMade]) -> None:
        """Late ones are settled after it, before the next: so they are sent again until all are."""
        items = [fix._asdict() | {"vehicle": self.desk.slug(fix.vehicle), "lat": LAT} for fix in fixes]
        await self._send(number, items)
        while self.store.read("SELECT 1 FROM unsettled LIMIT 1"):
            await self._send(number, items)
        if self.is_late(fixes):
            await self._send(number, items)
        for fix in fixes:
            if fix.vehicle not in self.newest or fix.fix_time > self.newest[fix.vehicle].fix_time:
                self.newest[fix.vehicle] = fix

    def is_late(self, fixes: list[FixMade]) -> bool:
        return any(fix.vehicle in self.newest and fix.fix_time < self.newest[fix.vehicle].fix_time for fix in fixes)

    async def _send(self, number: int, items: list[dict[str, Any]]) -> None:
        headers = self.desk.headers("gateway")
        answer = await self.processes[number].ask("/api/v1/fixes", headers=headers, body=json.dumps(items).encode())
        receipt = answer.json()
        assert receipt["stored"] + receipt["duplicates"] == len(items), receipt

    async def write(self, number: int, author: str) -> None:
        """A message between the dispatchers and the van's driver."""
        message = {"type": "send", "id": 1, "channel": "driver:van", "key": f"k{next(self._keys)}", "text": "Hello"}
        process, body = self.processes[number], json.dumps(message).encode()
        answer = await process.ask("/live/v1/command", headers=self.desk.headers(author), body=body)
        assert answer.json()["type"] == "ok", answer

    async def open_alert(self, number: int, vehicle: int) -> None:
        """One more: each is of a rule of its own, that nobody looks after."""
        breach = Breach(Rule(next(self._keys) + 1, "rule", RuleKind.OFFLINE), vehicle, 0)

        def work(transaction: Transaction) -> Sequence[Happening]:
            transaction.find_latest([vehicle])
            return open_alerts(transaction, [breach])

        await self.processes[number].change_alerts(work)

    async def end_alert(self, number: int, vehicle: int) -> None:
        """The oldest that lasts."""

        def work(transaction: Transaction) -> Sequence[Happening]:
            transaction.find_latest([vehicle])
            lasting = [alert for alert in transaction.find_open_alerts() if alert.vehicle == vehicle]
            ended = [alert for alert in lasting[:1] if transaction.end_alert(alert.id, 1)]
            return [happening_of(alert, EventKind.ALERT_END, 1, start_time=alert.start_ms) for alert in ended]

        await self.processes[number].change_alerts(work)

    async def acknowledge(self, number: int, vehicle: int) -> None:
        """The oldest that nobody has noted."""
        for alert in self.store.load_alerts(is_acknowledged=False, vehicle=vehicle, limit=1):
            await self.processes[number].fleet.mail.acknowledge(alert, by="boss")

    async def look_at_office(self) -> None:
        for process in self.processes:
            await process.look_at_office()

    async def hear_all(self) -> None:
        """Until nobody hears anything, twice, since a poll asks first."""
        quiet = 0
        while quiet < 2:
            await calm()
            while any(client.is_due for client in self.clients.values()):
                await self._write_out()
            heard = [client.hear() for client in self.clients.values()]
            if not any(heard):
                await self._write_out()
            quiet = 0 if any(heard) else quiet + 1

    async def _write_out(self) -> None:
        """The writers' threads do what they were given: a poll is answered, and a socket told bye, once what it delivers is on disk."""
        for process in self.processes:
            await process.fleet._writer.do(lambda transaction: None)
        await calm()

    async def settle(self, number: int) -> None:
        """Everybody is there and reads; each process reads again what it may have missed; a tick passes."""
        for step_s in BUS_IS_KNOWN_TO_BE_AWAY_AFTER_S:
            await self.hands.advance(step_s)
        await self.look_at_office()
        for client in self.clients.values():
            client.hold(is_held=False)
        await self._come_back(number)
        await self.hands.advance(REPAIR_EVERY_S)
        await self.hands.advance(TICK_S)
        await self._come_back(number)

    async def _come_back(self, number: int) -> None:
        """Whoever is away, or hears now that its connection has ended."""
        await self.hear_all()
        for client in self.clients.values():
            if not client.is_online:
                client.connect(self.processes[number].application)
        await self.hear_all()

    async def fresh(self, process: Process) -> dict[str, Known]:
        """What somebody sees who has just come, by channel."""
        boss = PollClient(CHANNELS, self.desk.headers("boss"), self.newest_event)
        boss.connect(process.application)
        await calm()
        assert boss.hear()
        return boss.channels

    def rows(self, channel: str) -> dict[int, Row]:
        """By the store, which agrees with what was posted."""
        namespace, _, room = channel.partition(":")
        if namespace == "driver":
            return {}
        is_region = namespace == "region"
        region = self.desk.regions.get(room)
        found = self.store.load_room(region).rows if is_region else self.store.load_latest([self.desk.pk(room)])
        alarms = self.store.find_alarms()
        rows = {entry.latest.fix.vehicle: row_of(entry.latest) for entry in found}
        rows = {v: (*row[:6], Status.ALARM) if v in alarms else row for v, row in rows.items()}
        west, east = EDGES.get(room, (-180, 180))
        posted = {v: fix.fix_time for v, fix in self.newest.items() if west < fix.lon < east}
        assert not is_region or {v: row[1] for v, row in rows.items()} == posted
        return rows

    def events(self) -> list[Event]:
        return self.store.load_events(limit=MOST_EVENTS)

    def of_channel(self, channel: str, events: list[Event]) -> list[Event]:
        namespace, _, room = channel.partition(":")
        if namespace != "region":
            return [event for event in events if event.vehicle == self.desk.pk(room)]
        return events if room == "all" else [event for event in events if event.region == self.desk.regions[room]]
