"""One consumer a dispatcher, one a vehicle."""

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer


class RegionConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        self.region = self.scope["url_route"]["kwargs"]["region"]
        await self.channel_layer.group_add(self.region, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.region, self.channel_name)

    async def position_update(self, event: dict[str, Any]) -> None:
        await self.send_json(event["position"])


class DriverConsumer(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content: dict[str, Any], **kwargs: Any) -> None:
        await self.channel_layer.group_send(content["region"], {"type": "position.update", "position": content})
