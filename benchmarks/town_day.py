"""A made-up day of one vehicle in a town, a fix a second, as it is stored."""

import numpy as np

from tracking.domain.columns import UNKNOWN, Columns

DAY_S = 86_400
START_MS = 1_767_225_600_000  # 2026-01-01T00:00Z
JITTER_M, MEMORY_S = 3.0, 60.0
M_PER_DEGREE = 111_195.0


def make_day(*, every_s: int = 1, seed: int = 1) -> Columns:
    """Ten hours of errands between long stops; jitter that drifts, speeds with noise, courses unknown at rest."""
    chance = np.random.default_rng(seed)
    speeds = _speeds(chance)
    turns = np.where(chance.random(DAY_S) < 0.012, chance.choice([-90.0, 90.0, 40.0, -40.0], DAY_S), 0.0)
    courses = np.cumsum(np.convolve(turns, np.full(8, 1 / 8), mode="same") * (speeds > 1))
    north = np.cumsum(speeds * np.cos(np.radians(courses))) + _drift(chance)
    east = np.cumsum(speeds * np.sin(np.radians(courses))) + _drift(chance)
    lats = 57.7 + north / M_PER_DEGREE
    lons = 11.95 + east / M_PER_DEGREE / np.cos(np.radians(57.7))
    told = np.where(speeds > 0.5, np.abs(speeds + chance.normal(0, 0.1, DAY_S)), 0)
    columns = Columns(
        START_MS + np.arange(DAY_S, dtype=np.int64) * 1000,
        np.rint(lats * 1e7).astype(np.int64),
        np.rint(lons * 1e7).astype(np.int64),
        np.rint(told * 100).astype(np.int64) * 10,
        np.where(speeds > 0.5, np.rint(courses * 10).astype(np.int64) * 10 % 36_000, UNKNOWN),
        (400 + 100 * chance.integers(0, 3, DAY_S)).astype(np.int64),
    )
    return Columns(*(column[::every_s] for column in columns))


def _speeds(chance: np.random.Generator) -> np.ndarray:
    """Drives of 5 to 20 minutes with lights on the way, stops of 5 to 60 minutes; smooth starts and ends."""
    wanted = np.zeros(DAY_S)
    at = 0
    while at < DAY_S:
        at += int(chance.uniform(300, 3600))
        end = at + int(chance.uniform(300, 1200))
        while at < min(end, DAY_S):
            go, wait = int(chance.uniform(30, 150)), int(chance.uniform(5, 60))
            wanted[at : at + go] = chance.uniform(6, 17)
            at += go + wait
    return np.convolve(wanted, np.full(9, 1 / 9), mode="same")


def _drift(chance: np.random.Generator) -> np.ndarray:
    share = np.exp(-1 / MEMORY_S)
    news = chance.normal(0, JITTER_M * np.sqrt(1 - share**2), DAY_S)
    drift = np.empty(DAY_S)
    last = 0.0
    for second, new in enumerate(news.tolist()):
        last = drift[second] = share * last + new
    return drift
