"""Logs in as a person does, for programs that watch with a person's rights."""

import asyncio
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from fleet_client.http import Answer, Exchange
from fleet_client.results import NotAuthorised, Rejected


async def log_in(url: str, username: str, password: str) -> tuple[dict[str, str], str]:
    """Gives `headers` with the session cookie and the `origin` that belongs to it. Raises NotAuthorised or Rejected."""
    return await asyncio.to_thread(_log_in, url, username, password)


def _log_in(url: str, username: str, password: str) -> tuple[dict[str, str], str]:
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    exchange = Exchange(url)
    try:
        page = exchange.request("GET", "/login/", b"", {})
        csrf = cookie(page, "csrftoken")
        if csrf is None:
            raise Rejected(f"no login page at {url}: it answered {page.status}")
        form = urlencode({"username": username, "password": password, "csrfmiddlewaretoken": csrf}).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={csrf}",
            "Origin": origin,
            "Referer": f"{origin}/login/",
        }
        session = cookie(exchange.request("POST", "/login/", form, headers), "sessionid")
    finally:
        exchange.abort()
    if session is None:
        raise NotAuthorised(f"the server does not let {username!r} in")
    return {"Cookie": f"sessionid={session}"}, origin


def cookie(answer: Answer, name: str) -> str | None:
    """The value of a cookie that the answer sets."""
    for line in answer.headers.get_all("Set-Cookie") or []:
        if name in (jar := SimpleCookie(line)):
            return jar[name].value
    return None
