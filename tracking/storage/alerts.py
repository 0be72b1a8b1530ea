"""What a transaction reads and writes of alerts; one SQL for both engines."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from tracking.domain.alerts import Alert, Breach, Sign

ALERT_COLUMNS = (
    "id, rule, name, kind, vehicle, region, start_time, end_time, quiet_time, acknowledged_time, acknowledged_by"
)

ALARMING_ALERTS = "end_time IS NULL AND acknowledged_time IS NULL"


class AlertTables(ABC):
    changed_ms: int
    listed: str

    @abstractmethod
    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """All rows of a statement, in which `?` stands for a value; none of one that gives no rows."""

    @abstractmethod
    def as_list(self, numbers: Sequence[int]) -> Any:
        """The one parameter that `listed` takes."""

    def find_open_alerts(self) -> list[Alert]:
        return [
            Alert(*row) for row in self.fetch(f"SELECT {ALERT_COLUMNS} FROM alert WHERE end_time IS NULL ORDER BY id")
        ]

    def find_alarms(self, vehicles: Sequence[int]) -> set[int]:
        """Those of the vehicles that are in alarm now."""
        sql = f"SELECT vehicle FROM alert WHERE {ALARMING_ALERTS} AND vehicle {self.listed}"
        return {vehicle for (vehicle,) in self.fetch(sql, [self.as_list(vehicles)])}

    def load_signs(self) -> dict[int, Sign]:
        rows = self.fetch("SELECT vehicle, fix_time, received_time, moved_at FROM latest")
        return {row[0]: Sign(*row[1:]) for row in rows}

    def load_entered(self, regions: Sequence[int]) -> dict[tuple[int, int], int]:
        """Open visits of the regions: when they began, by region and vehicle."""
        sql = f"SELECT region, vehicle, enter_time FROM visit WHERE exit_time IS NULL AND region {self.listed}"
        return {(region, vehicle): enter for region, vehicle, enter in self.fetch(sql, [self.as_list(regions)])}

    def open_alert(self, breach: Breach, *, quiet_ms: int | None) -> Alert | None:
        """None when there is one of this rule and vehicle already, perhaps made by another process just now."""
        rule = breach.rule
        rows = self.fetch(
            "INSERT INTO alert (rule, name, kind, vehicle, region, start_time, quiet_time, changed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            f" ON CONFLICT DO NOTHING RETURNING {ALERT_COLUMNS}",
            [
                rule.id,
                rule.name,
                rule.kind.value,
                breach.vehicle,
                rule.region,
                breach.start_ms,
                quiet_ms,
                self.changed_ms,
            ],
        )
        return Alert(*rows[0]) if rows else None

    def touch_alert(self, breach: Breach) -> None:
        """The rule was broken once more."""
        self.fetch(
            "UPDATE alert SET quiet_time = ? WHERE rule = ? AND vehicle = ? AND end_time IS NULL AND quiet_time < ?",
            [breach.start_ms, breach.rule.id, breach.vehicle, breach.start_ms],
        )

    def calm_alert(self, alert: int, quiet_ms: int | None) -> None:
        """Its rule is kept since then; None: is broken again."""
        self.fetch("UPDATE alert SET quiet_time = ? WHERE id = ? AND end_time IS NULL", [quiet_ms, alert])

    def end_alert(self, alert: int, end_ms: int) -> bool:
        """False when it had ended before."""
        rows = self.fetch(
            "UPDATE alert SET end_time = ?, changed_at = ? WHERE id = ? AND end_time IS NULL RETURNING id",
            [end_ms, self.changed_ms, alert],
        )
        return bool(rows)

    def acknowledge_alert(self, alert: int, *, time_ms: int, by: str) -> str:
        """Who has done it: the first counts."""
        rows = self.fetch(
            "UPDATE alert SET acknowledged_time = coalesce(acknowledged_time, ?), changed_at = ?,"
            " acknowledged_by = coalesce(acknowledged_by, ?) WHERE id = ? RETURNING acknowledged_by",
            [time_ms, self.changed_ms, by, alert],
        )
        return str(rows[0][0]) if rows else by
