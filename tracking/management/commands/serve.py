"""`manage.py serve`: the server process, on daphne or uvicorn."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracking.domain.errors import FleetError


class Command(BaseCommand):
    help = "Serves pages, API and live connections."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default %(default)s)")
        parser.add_argument("--server", choices=["daphne", "uvicorn"], default="daphne", help="(default %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        from fleet.asgi import application, fleet

        try:
            fleet.prepare()
        except FleetError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Fleet serves at http://{options['host']}:{options['port']}/ ({options['server']})")
        run = run_daphne if options["server"] == "daphne" else run_uvicorn
        run(application, options["host"], options["port"])


def run_daphne(application: Any, host: str, port: int) -> None:
    from daphne.endpoints import build_endpoint_description_strings
    from daphne.server import Server

    logging.getLogger("daphne").setLevel(logging.WARNING)
    Server(
        application=application,
        endpoints=build_endpoint_description_strings(host=host, port=port),
        server_name="fleet",
        websocket_timeout=-1,
        verbosity=0,
    ).run()


def run_uvicorn(application: Any, host: str, port: int) -> None:
    import uvicorn

    uvicorn.run(
        application, host=host, port=port, log_config=None, access_log=False, lifespan="off", ws_max_size=512 * 1024
    )
