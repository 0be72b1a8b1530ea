"""What daphne runs."""

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from benchmarks.peers.tutorial.consumers import DriverConsumer, RegionConsumer  # noqa: E402

routes = [
    path("ws/<str:region>/", RegionConsumer.as_asgi()),
    path("drive/", DriverConsumer.as_asgi()),
]
application = ProtocolTypeRouter({"http": django_application, "websocket": AuthMiddlewareStack(URLRouter(routes))})
