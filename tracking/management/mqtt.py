"""Carries what OwnTracks publishes over MQTT to a server's door for phones, and acknowledges it once it is stored.

One thread reads, posts and acknowledges in turn: a connection to the broker cannot be replaced by another between the two, on which
the same packet number would stand for another message.
"""

import logging
import threading
import time
from collections import Counter
from typing import Any, NamedTuple, Self
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from fleet_client.backoff import retry_delay_s
from fleet_client.phones import Busy, PhoneDoor
from tracking.wire.owntracks import record_of_topic

logger = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = (
    16 * 1024
)  # a location has some 300; only pictures of cards are longer, and they are passed over anyway
MAX_BATCH = 50  # so that a post stays under the door's 1 MiB
KEEPALIVE_S = 60
LOOK_EVERY_S = 0.5


class Broker(NamedTuple):
    host: str
    port: int
    is_tls: bool
    user: str | None
    password: str | None

    @classmethod
    def at(cls, url: str) -> Self:
        """From `mqtt://user:password@host:1883` or `mqtts://…:8883`. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise ValueError("the broker's address must start with mqtt:// or mqtts:// and name a host")
        is_tls = parts.scheme == "mqtts"
        user, password = (None if part is None else unquote(part) for part in (parts.username, parts.password))
        return cls(parts.hostname, parts.port or (8883 if is_tls else 1883), is_tls, user, password)


class Delivery(NamedTuple):
    """`record` is None for what is no message of OwnTracks."""

    message: MQTTMessage
    record: dict[str, Any] | None


class Bridge:
    """Its session at the broker outlives connections and processes: what was not acknowledged comes again."""

    def __init__(self, broker: Broker, door: PhoneDoor, *, topic: str, client_id: str) -> None:
        self.tally = Counter(forwarded=0, malformed=0)
        self._broker = broker
        self._door = door
        self._topic = topic
        self._waiting: list[Delivery] = []
        self._connect_attempt = 0
        self._post_attempt = 0
        self._post_after_s = 0.0
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False, manual_ack=True)
        self._client.username_pw_set(broker.user, broker.password)
        if broker.is_tls:
            self._client.tls_set()
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._arrived

    def run(self, stop: threading.Event) -> None:
        """Raises NotAuthorised or Rejected when the server will never take what comes; that stays unacknowledged."""
        while not stop.is_set():
            try:
                self._client.connect(self._broker.host, self._broker.port, KEEPALIVE_S)
                self._converse(stop)
            except OSError as error:
                logger.warning("no connection to the broker: %s", error)
            self._forget_waiting()
            stop.wait(retry_delay_s(self._connect_attempt))
            self._connect_attempt += 1

    def _converse(self, stop: threading.Event) -> None:
        """Until the connection is lost or all shall stop."""
        seen = 0
        while not stop.is_set():
            has_more = seen < len(self._waiting) < MAX_BATCH
            seen = len(self._waiting)
            if self._client.loop(0 if has_more else LOOK_EVERY_S) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                logger.warning("the connection to the broker is lost")
                return
            if len(self._waiting) == seen or len(self._waiting) >= MAX_BATCH:
                self._forward()
        self._client.disconnect()

    def _forward(self) -> None:
        """The oldest of what waits; while the server is busy nothing is acknowledged, so that the broker keeps it."""
        batch = self._waiting[:MAX_BATCH]
        if not batch or time.monotonic() < self._post_after_s:
            return
        records = [record for _, record in batch if record is not None]
        try:
            if records:
                self._door.post(records)
        except Busy as error:
            self._post_after_s = time.monotonic() + retry_delay_s(self._post_attempt, at_least_s=error.at_least_s)
            self._post_attempt += 1
            logger.warning("not stored, tried again later: %s", error)
            return
        self._post_attempt = 0
        self._waiting = self._waiting[len(batch) :]
        self.tally["forwarded"] += len(records)
        for message, _ in batch:
            self._client.ack(message.mid, message.qos)

    def _forget_waiting(self) -> None:
        """They come again on the next connection, but for those of QoS 0."""
        self._waiting = [delivery for delivery in self._waiting if delivery.message.qos == 0]

    def _connected(self, client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        if reason.is_failure:
            logger.warning("the broker refuses the connection: %s", reason)
            return
        self._connect_attempt = 0
        client.subscribe(self._topic, qos=1)

    def _subscribed(self, _client: Client, _data: Any, _mid: int, reasons: list[ReasonCode], _properties: Any) -> None:
        for reason in reasons:
            if reason.is_failure:
                logger.error("the broker refuses the subscription to %s: %s", self._topic, reason)
            else:
                logger.info("connected to the broker")

    def _arrived(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        record = None
        if len(message.payload) <= MAX_MESSAGE_BYTES:
            record = record_of_topic(message.topic, bytes(message.payload))
        if record is None:
            self.tally["malformed"] += 1
            logger.warning("passed over: no message of OwnTracks, or longer than %s bytes", MAX_MESSAGE_BYTES)
        self._waiting.append(Delivery(message, record))
