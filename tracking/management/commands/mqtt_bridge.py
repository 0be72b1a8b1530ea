"""`manage.py mqtt_bridge`: what OwnTracks publishes at an MQTT broker goes to a running server. Needs no database."""

import os
import signal
import threading
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleet_client import ClientError
from fleet_client.phones import PhoneDoor

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Command(BaseCommand):
    help = (
        "Subscribes to OwnTracks' topics and posts what comes to a running server; a message is acknowledged once it is "
        "stored. FLEET_MQTT_URL names the broker, FLEET_MQTT_TOKEN is a gateway's device token. Ends with Ctrl-C."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="the server's address (%(default)s)")
        parser.add_argument(
            "--topic", default="owntracks/+/+", help="the last two parts are vehicle and phone (%(default)s)"
        )
        parser.add_argument("--client-id", default="fleet-bridge", help="of the session at the broker (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if find_spec("paho") is None:
            raise CommandError("mqtt_bridge needs paho-mqtt: pip install -r requirements-mqtt.txt")
        from tracking.management.mqtt import Bridge, Broker

        token = os.environ.get("FLEET_MQTT_TOKEN")
        if not token:
            raise CommandError("FLEET_MQTT_TOKEN must be a gateway's token, from: manage.py device_token --gateway")
        stop = threading.Event()
        previous = {number: signal.signal(number, lambda *_: stop.set()) for number in STOP_SIGNALS}
        try:
            broker = Broker.at(os.environ.get("FLEET_MQTT_URL", "mqtt://127.0.0.1:1883"))
            self.stdout.write(f"mqtt_bridge: from {broker.host}:{broker.port} to {options['url']}; Ctrl-C ends it")
            with PhoneDoor(options["url"], token) as door:
                bridge = Bridge(broker, door, topic=options["topic"], client_id=options["client_id"])
                bridge.run(stop)
        except (ClientError, ValueError) as error:
            raise CommandError(str(error)) from error
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
        counts = ", ".join(f"{what} {count:,}" for what, count in bridge.tally.items())
        self.stdout.write(f"mqtt_bridge: {counts}")
