"""Speeds that the world writes in other units than metres per second."""


def mps_from_knots(knots: float) -> float:
    """A knot is 1,852 m an hour."""
    return knots * 1852 / 3600


def mps_from_kmh(kmh: float) -> float:
    return kmh / 3.6
