"""What daphne runs."""

from typing import Any

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.db import database_sync_to_async  # noqa: E402
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from benchmarks.peers.polling.urls import store  # noqa: E402


class DriverConsumer(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content: dict[str, Any], **kwargs: Any) -> None:
        await database_sync_to_async(store)(content)


application = ProtocolTypeRouter(
    {"http": django_application, "websocket": URLRouter([path("drive/", DriverConsumer.as_asgi())])}
)
