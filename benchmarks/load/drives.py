"""Vehicles that drive in circles round their homes, and their fixes as JSON."""

from math import cos, pi, sin
from typing import Any

RADIUS_DEG = 0.002  # about 220 m
STEPS = 138  # seconds a round at 10 m/s
CIRCLE = [(RADIUS_DEG * sin(2 * pi * i / STEPS), 2 * RADIUS_DEG * cos(2 * pi * i / STEPS)) for i in range(STEPS)]
COURSES_DEG = [round(360 * i / STEPS, 1) for i in range(STEPS)]


class Drive:
    """One vehicle; a step is a second of its drive."""

    def __init__(self, vehicle: dict[str, Any]) -> None:
        self.slug: str = vehicle["slug"]
        self.token: str = vehicle["token"]
        self.region: str = vehicle["region"]
        self.home_lat: float = vehicle["lat"]
        self.home_lon: float = vehicle["lon"]
        self.step = vehicle["id"] % STEPS

    def place(self) -> tuple[float, float]:
        """lat, lon of the present step."""
        north, east = CIRCLE[self.step % STEPS]
        return round(self.home_lat + north, 6), round(self.home_lon + east, 6)

    def next_fix(self, time_text: str, *, is_named: bool) -> str:
        """`time_text` is JSON; a device's own fixes need no vehicle."""
        self.step += 1
        lat, lon = self.place()
        vehicle = f'"vehicle":"{self.slug}",' if is_named else ""
        return (
            f'{{{vehicle}"fix_time":{time_text},"lat":{lat},"lon":{lon},"speed_mps":10.1,'
            f'"course_deg":{COURSES_DEG[self.step % STEPS]},"accuracy_m":4.5}}'
        )
