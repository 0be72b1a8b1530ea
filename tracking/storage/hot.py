"""The hot table of fixes, as each engine keeps it: what was not sealed yet, and what came late for a sealed hour."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from tracking.domain.columns import Columns, OneEach
from tracking.domain.fix import Fix
from tracking.domain.thinned import Thinned

TIME_BITS = 42  # milliseconds since 1970 until the year 2109, as SQLite's packed key holds them
END_MS = (1 << TIME_BITS) - 1


class Fetch(Protocol):
    """All rows of a statement, in which `?` stands for a value."""

    def __call__(self, sql: str, parameters: Sequence[Any] = (), /) -> list[Any]: ...


class HotFixes(ABC):
    """Over the connection that `fetch` uses. Ranges are from ≤ fix time < to."""

    listed: ClassVar[str]
    """SQL after a column name: is one of the numbers in one parameter made by `as_list`."""

    time: ClassVar[str]
    """SQL: the time of a row of `fix`."""

    each: ClassVar[str]
    """SQL: the numbers of such a parameter as `v.value`."""

    late: ClassVar[str]
    """SQL: whether the table has fixes of the vehicle and hour of a row `s` of `sealed`."""

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch

    @staticmethod
    @abstractmethod
    def as_list(numbers: Sequence[int]) -> Any:
        """The one parameter that `listed` takes."""

    @abstractmethod
    def columns(self, vehicle: int, from_ms: int, to_ms: int, *, limit: int, newest_first: bool = False) -> Columns:
        """In time order; `newest_first`: the newest `limit` of the range."""

    @abstractmethod
    def one_each(self, vehicles: Sequence[int], from_ms: int, to_ms: int, *, newest: bool) -> OneEach:
        """Of each vehicle the newest or oldest of the range, if there is one."""

    def around(self, vehicles: Sequence[int], from_ms: int, time_ms: int, to_ms: int) -> tuple[OneEach, OneEach]:
        """Of each vehicle the newest fix with from ≤ fix time < time, and the oldest with time ≤ fix time < to."""
        last = self.one_each(vehicles, from_ms, time_ms, newest=True)
        return last, self.one_each(vehicles, time_ms, to_ms, newest=False)

    @abstractmethod
    def has_any(self, vehicles: Sequence[int], from_ms: int, to_ms: int) -> bool:
        """Whether one of them has a fix in the range."""

    @abstractmethod
    def thinned(self, vehicles: Sequence[int], from_ms: int, to_ms: int, *, step_ms: int) -> Thinned:
        """Of each vehicle the first fix in each step, by vehicle and time; steps are counted from 1970."""

    @abstractmethod
    def marks(self, vehicles: Sequence[int], from_ms: int, to_ms: int) -> tuple[str, list[Any]]:
        """A statement for each one's id, number of fixes, first and last time, and its parameters; who has none may be left out."""

    @abstractmethod
    def places(self, fixes: Sequence[Fix]) -> dict[tuple[int, int], tuple[int, int]]:
        """What is stored under the vehicles and times of the fixes: by these, lat and lon in 1e-7 degrees."""

    @abstractmethod
    def oldest(self, *, after: int, before_ms: int, limit: int) -> list[tuple[int, int | None]]:
        """Of the next vehicles after the one with that id, in order, the oldest time before `before_ms`, if there is one."""

    @abstractmethod
    def delete(self, vehicle: int, from_ms: int, to_ms: int, *, limit: int | None = None) -> tuple[str, list[Any]]:
        """A statement that deletes the range, or its oldest `limit` fixes, and its parameters."""
