"""Reads what the environment says, with a clear error for what cannot be used."""

import os
import secrets
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured


def flag(name: str) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off and absent; anything else is an error."""
    text = os.environ.get(name, "").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, true, yes, on, 0, false, no, off; it is {text!r}")


def words(name: str, default: str) -> list[str]:
    """The comma-separated parts, without blanks."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def number(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number between `low` and `high`, both allowed."""
    text = os.environ.get(name, str(default))
    try:
        value = int(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number; it is {text!r}") from None
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name} must lie between {low} and {high}; it is {value}")
    return value


def zone(name: str, default: str) -> str:
    """The IANA name of a time zone."""
    text = os.environ.get(name, default)
    try:
        ZoneInfo(text)
    except (ValueError, ZoneInfoNotFoundError):
        raise ImproperlyConfigured(f"{name} must be a time zone, as Europe/Stockholm; it is {text!r}") from None
    return text


def secret_key(folder: Path) -> str:
    """`SECRET_KEY`, or one made on first use and kept in `folder`, readable by its owner only."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    kept = folder / "secret_key"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return kept.read_text()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return kept.read_text()
