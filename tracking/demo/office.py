"""The demo office: vehicles and users. Names, plates and people are invented."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

PASSWORD = "fleet-demo"  # noqa: S105 (meant to be known)
COLOURS = (
    "#2f6fde", "#1b9e77", "#d9822b", "#8e5ea2", "#c0504d", "#3a9fbf", "#6b8e23", "#b8558a", "#5b6abf", "#a0783c",
)  # fmt: skip
PLATE_LETTERS = "ABCDEFGHJKLMNOPRSTUWXYZ"

FIRST_NAMES = ("Amina", "Bo", "Ebba", "Farid", "Greta", "Hassan", "Ingrid", "Jonas", "Leila", "Nils", "Petra", "Sami")
LAST_NAMES = ("Ahlgren", "Björk", "Dahl", "Ek", "Haddad", "Lind", "Mohlin", "Nyberg", "Svahn")

GROUPS = (
    ("bus", "Linje 16", 6),
    ("bus", "Linje 55", 4),
    ("van", "Bud Lindholmen", 8),
    ("van", "Paket Majorna", 8),
    ("van", "Hantverk Örgryte", 6),
    ("truck", "Renhållning", 6),
    ("truck", "Hamnfrakt", 4),
    ("car", "Hemtjänst", 8),
    ("car", "Taxi Vinga", 6),
    ("bike", "Cykelbud", 4),
)
"""Kind of vehicle, name before the number, how many."""


class DemoVehicle(NamedTuple):
    slug: str
    name: str
    plate: str
    kind: str
    colour: str
    driver: str = ""


class DemoUser(NamedTuple):
    """`regions` are slugs. `watches_everything` needs no region."""

    username: str
    what: str
    watches_everything: bool = False
    is_admin: bool = False
    regions: tuple[str, ...] = ()


USERS = (
    DemoUser("dispatcher", "watches every region", watches_everything=True),
    DemoUser("haga", "watches Haga & Linné and Majorna", regions=("haga", "majorna")),
    DemoUser("admin", "may do everything, also in /admin/", is_admin=True),
)


def demo_vehicles() -> Iterator[DemoVehicle]:
    """Always the same sixty, `demo-001` first; the kinds are mixed, so that any first few show several."""
    listed = [(kind, f"{name} · {number}") for kind, name, count in GROUPS for number in range(1, count + 1)]
    chance = Random("demo fleet")
    chance.shuffle(listed)
    drivers = _drivers(Random("demo drivers"))
    for number, (kind, name) in enumerate(listed, start=1):
        plate = "" if kind == "bike" else _plate(chance)
        yield DemoVehicle(f"demo-{number:03}", name, plate, kind, COLOURS[number % len(COLOURS)], next(drivers))


def extra_vehicle(number: int) -> DemoVehicle:
    """One more, from 1 on, for simulations larger than the demo fleet."""
    return DemoVehicle(f"sim-{number:04}", f"Simulation {number}", "", "car", COLOURS[number % len(COLOURS)])


def _drivers(chance: Random) -> Iterator[str]:
    """Nobody twice."""
    people = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    return iter(chance.sample(people, len(people)))


def _plate(chance: Random) -> str:
    """Swedish in form, but real plates never begin with Q."""
    letters = "".join(chance.choices(PLATE_LETTERS, k=2))
    return f"Q{letters} {chance.randrange(100):02}{chance.choice('0123456789' + PLATE_LETTERS)}"
