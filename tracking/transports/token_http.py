"""`POST /live/v1/token`: a short-lived stream token for whoever is logged in or has a share."""

import time

from tracking.domain.errors import Unavailable
from tracking.live.stream_token import LASTS_S, make_stream_token
from tracking.transports.admission import Scope
from tracking.transports.http import Receive, Send, encode, problem, respond
from tracking.transports.services import Services

PATH = "/live/v1/token"


class TokenApp:
    """Takes a session cookie (with an own Origin and `X-Fleet: 1`), an API token or a share's secret, and no stream token."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await problem(send, 405, "method_not_allowed", "Use POST.", {b"allow": b"POST"})
            return
        try:
            await self._services.start()
            caller = await self._services.admission.identify(scope)
        except Unavailable as error:
            await problem(send, 503, "busy", error.reason, {b"retry-after": str(error.retry_after_s).encode()})
            return
        proof = None if caller is None else caller.guest or caller.login
        if proof is None or proof.by_stream_token:
            await problem(send, 401, "not_authenticated", "Log in, or send an API token: Authorization: Bearer TOKEN.")
            return
        token = make_stream_token(proof, now_s=time.time())
        body = encode({"token": token, "expires_in_s": LASTS_S})
        await respond(send, 200, b"application/json", body, {b"cache-control": b"no-store"})
