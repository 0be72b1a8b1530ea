"""Drives demo vehicles on the demo streets and reports them through a running server's public door."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleet_client import MAX_FIXES_PER_REPORT, Reporter
from tracking.demo.office import extra_vehicle
from tracking.demo.simulation import Simulation, make_drivers
from tracking.demo.streets import StreetsMissing
from tracking.management.door import (
    Tally,
    add_door_arguments,
    gateway_token,
    open_reporter,
    run_until_stopped,
    sleep_to_next_slot,
)
from tracking.models import Vehicle

LATE_S = 5.0
MAX_VEHICLES = 100_000
MAX_HZ = 50


class Command(BaseCommand):
    help = (
        "Drives N vehicles on the demo streets, live, through the public door of a running server. The same seed gives "
        "the same drives. Uses the vehicles of seed_demo, and makes sim-0001… for more. Ends with Ctrl-C."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_door_arguments(parser)
        parser.add_argument("--vehicles", type=int, default=60, metavar="N", help="how many (%(default)s)")
        parser.add_argument("--hz", type=float, default=1.0, help="fixes a second from each vehicle (%(default)s)")
        parser.add_argument("--seed", type=int, default=1, help="of the drives (%(default)s)")
        parser.add_argument("--seconds", type=float, metavar="S", help="end after so long; without it, never")
        parser.add_argument("--past", type=float, default=0, metavar="S", help="start S seconds ago (%(default)s)")
        parser.add_argument("--noise", type=float, default=0, metavar="M", help="receiver noise, metres (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["vehicles"] <= MAX_VEHICLES or not 0 < options["hz"] <= MAX_HZ:
            raise CommandError(f"--vehicles must be 1 to {MAX_VEHICLES:,}, --hz above 0 and at most {MAX_HZ}")
        vehicles = find_vehicles(options["vehicles"])
        slugs = [vehicle.slug for vehicle in vehicles]
        try:
            drivers = make_drivers(
                [vehicle.kind for vehicle in vehicles], seed=options["seed"], noise_m=options["noise"]
            )
        except StreetsMissing as error:
            raise CommandError(str(error)) from error
        tally = Tally()

        async def run(token: str) -> None:
            async with open_reporter(options["door"], options["url"], token, wait_s=options["wait"]) as reporter:
                simulation = Simulation(slugs, drivers, hz=options["hz"], origin_s=time.time() - options["past"])
                self.stdout.write(f"simulate: {len(slugs)} vehicles drive; Ctrl-C ends it")
                await self._drive(simulation, reporter, tally, past_s=options["past"], seconds=options["seconds"])

        with gateway_token(options["token"], label="simulate") as token:
            run_until_stopped(lambda: run(token))
        self.stdout.write(f"simulate: {tally}")

    async def _drive(
        self, simulation: Simulation, reporter: Reporter, tally: Tally, *, past_s: float, seconds: float | None
    ) -> None:
        began_s = time.monotonic() - past_s
        end_s = float("inf") if seconds is None else past_s + seconds
        late = past_s > 0
        while True:
            elapsed_s = min(time.monotonic() - began_s, end_s)
            due = simulation.take_due(elapsed_s, limit=MAX_FIXES_PER_REPORT)
            if due:
                await self._report(reporter, due, tally)
            behind_s = simulation.behind_s(elapsed_s)
            if behind_s > LATE_S and not late:
                self.stderr.write(f"simulate: {behind_s:.0f} s behind; the server or this machine is too slow")
            late = behind_s > LATE_S
            if len(due) < MAX_FIXES_PER_REPORT:
                if elapsed_s == end_s:
                    return
                await sleep_to_next_slot()

    async def _report(self, reporter: Reporter, due: list[dict[str, object]], tally: Tally) -> None:
        result = await reporter.report(due)
        if result.refused and not tally.refused:
            self.stderr.write(f"simulate: the server refuses fixes: {result.refused[0].detail}")
        tally.add(result)


def find_vehicles(count: int) -> list[Vehicle]:
    """The demo vehicles by slug, then as many others as needed, made when missing."""
    demo = list(Vehicle.objects.filter(slug__startswith="demo-", active=True).order_by("slug")[:count])
    extra = [Vehicle(**extra_vehicle(number)._asdict()) for number in range(1, count - len(demo) + 1)]
    Vehicle.objects.bulk_create(extra, ignore_conflicts=True)
    return demo + extra
