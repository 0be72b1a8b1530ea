"""Region rules of the office as domain values."""

from zoneinfo import ZoneInfo

from tracking.domain.region_rules import Hours, Rule, RuleKind
from tracking.models import Rule as RuleRow


def load_rules() -> tuple[Rule, ...]:
    """The active ones, by id."""
    rows = RuleRow.objects.filter(active=True).order_by("id").prefetch_related("vehicles")
    return tuple(map(rule_of, rows))


def rule_of(row: RuleRow) -> Rule:
    vehicles = frozenset(vehicle.pk for vehicle in row.vehicles.all())
    hours = None
    if row.from_time is not None and row.to_time is not None:
        hours = Hours(row.from_time, row.to_time, frozenset(map(int, row.days)), ZoneInfo(row.time_zone))
    return Rule(
        row.pk,
        row.name,
        RuleKind(row.kind),
        row.region_id,
        vehicles or None,
        row.limit_s or 0.0,
        row.limit_mps or 0.0,
        hours,
    )
