"""What to type into each phone app so that it posts for a vehicle; docs/phones.md says the same in words."""

from typing import NamedTuple


class Setting(NamedTuple):
    """`is_copied`: it is long and has to be exact."""

    name: str
    value: str
    is_copied: bool = False


class PhoneApp(NamedTuple):
    """In the settings SITE, TOKEN and VEHICLE stand for the server, the device token and the vehicle's slug."""

    key: str
    name: str
    where: str
    settings: tuple[Setting, ...]


PHONE_APPS = (
    PhoneApp(
        "osmand",
        "OsmAnd",
        "Plugins → Trip recording → Online tracking",
        (
            Setting(
                "Web address",
                "SITE/in/TOKEN?lat={0}&lon={1}&timestamp={2}&accuracy={3}&speed_mps={5}&bearing={6}",
                True,
            ),
            Setting("Tracking interval", "5 s"),
            Setting("Time buffer", "as long as it goes"),
        ),
    ),
    PhoneApp(
        "traccar",
        "Traccar Client",
        "Settings",
        (
            Setting("Server URL", "SITE/in/TOKEN", True),
            Setting("Accuracy", "high"),
            Setting("Distance", "50 m"),
            Setting("Interval", "10 s"),
            Setting("Offline buffering", "on"),
        ),
    ),
    PhoneApp(
        "owntracks",
        "OwnTracks",
        "Preferences → Connection",
        (
            Setting("Mode", "HTTP"),
            Setting("URL", "SITE/in", True),
            Setting("User ID", "VEHICLE", True),
            Setting("Password", "TOKEN", True),
            Setting("Monitoring", "Move"),
            Setting("Encryption key", "none"),
        ),
    ),
    PhoneApp(
        "overland",
        "Overland",
        "Settings",
        (
            Setting("Receiver endpoint", "SITE/in", True),
            Setting("Access token", "TOKEN", True),
            Setting("Logging mode", "All data"),
            Setting("Locations per batch", "200"),
            Setting("Send interval", "10 s"),
        ),
    ),
    PhoneApp(
        "gpslogger",
        "GPSLogger",
        "Logging details → Log to custom URL",
        (
            Setting("URL", "SITE/in/TOKEN?%ALL", True),
            Setting("HTTP method", "GET"),
            Setting("Logging interval", "5 s"),
            Setting("Auto send", "on, for what was recorded offline"),
        ),
    ),
)


def find_app(key: str) -> PhoneApp | None:
    return next((app for app in PHONE_APPS if app.key == key), None)


def settings_of(app: PhoneApp, *, site: str, token: str, vehicle: str) -> list[Setting]:
    """`site` without a slash at its end."""
    filled = {"SITE": site, "TOKEN": token, "VEHICLE": vehicle}
    return [setting._replace(value=_fill(setting.value, filled)) for setting in app.settings]


def _fill(text: str, filled: dict[str, str]) -> str:
    for name, value in filled.items():
        text = text.replace(name, value)
    return text
