"""Runs the ASGI application on daphne or uvicorn."""

import logging
import warnings
from typing import Any

MAX_SOCKET_MESSAGE_BYTES = 512 * 1024  # above the protocol's own limit, so that the sender hears which one it broke


def run_daphne(application: Any, *, host: str, port: int) -> None:
    """Until a signal ends it."""
    accept_synchronous_files()
    from daphne.endpoints import build_endpoint_description_strings
    from daphne.http_protocol import WebRequest
    from daphne.server import Server

    # Twisted would read every form body with the email package before the application does so itself: 12 % of a post of fixes.
    WebRequest._parsePOSTFormSubmission = False
    logging.getLogger("daphne").setLevel(logging.WARNING)
    Server(
        application=application,
        endpoints=build_endpoint_description_strings(host=host, port=port),
        server_name="fleet",
        websocket_timeout=-1,
        websocket_max_message_size=MAX_SOCKET_MESSAGE_BYTES,
        websocket_max_frame_size=MAX_SOCKET_MESSAGE_BYTES,
        verbosity=0,
    ).run()


def run_uvicorn(application: Any, *, host: str, port: int) -> None:
    """Until a signal ends it."""
    accept_synchronous_files()
    import uvicorn

    uvicorn.run(
        application,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws_max_size=MAX_SOCKET_MESSAGE_BYTES,
    )


def accept_synchronous_files() -> None:
    """Whitenoise's files are short; that Django reads each of them whole is no reason to warn."""
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
