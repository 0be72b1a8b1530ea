"""`manage.py serve`: the server process, on daphne or uvicorn."""

import gc
from functools import partial
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from tracking.domain.errors import FleetError
from tracking.transports.servers import Service, run
from tracking.wiring import make_application, make_fleet

YOUNG_OBJECTS = 20_000
"""After so many new ones the garbage collector looks. Python's 700 are a few dozen reports that wait for the disk."""


class Command(BaseCommand):
    help = "Serves pages, API and live connections."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default %(default)s)")
        parser.add_argument("--server", choices=["daphne", "uvicorn"], default="daphne", help="(default %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        fleet = make_fleet()
        fleet.operator.server = options["server"]
        application = make_application(fleet, get_asgi_application())
        try:
            fleet.prepare()
        except (FleetError, DatabaseError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Fleet serves at http://{options['host']}:{options['port']}/ ({options['server']})")
        spare_collections()
        end = partial(fleet.end, drain_s=settings.DRAIN_S)
        run(
            options["server"],
            Service(application, fleet.quick_posts, fleet.feed.expect_look, end, options["host"], options["port"]),
        )


def spare_collections() -> None:
    """What was loaded up to now stays, and is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)
