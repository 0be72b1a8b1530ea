"""A process's counters in Prometheus' text format; each label has a known set of values."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from tracking.domain.counters import Counters, Histogram, SealingCounts


class FleetCollector(Collector):
    """`under_way`: connections and requests by way; `is_bus_stale` and `is_draining` as they are now."""

    def __init__(
        self, counters: Counters, *, under_way: Mapping[str, int], is_bus_stale: bool, is_draining: bool
    ) -> None:
        self._counters = counters
        self._under_way = under_way
        self._is_bus_stale = is_bus_stale
        self._is_draining = is_draining

    def collect(self) -> Iterable[Metric]:
        counters = self._counters
        fixes = {"stored": counters.fixes_stored, "duplicate": counters.fixes_duplicate}
        yield labelled(GaugeMetricFamily, "fleet_under_way", "Open now", "way", self._under_way)
        yield GaugeMetricFamily("fleet_bus_stale", "1 while live goes on from the store", int(self._is_bus_stale))
        yield GaugeMetricFamily("fleet_draining", "1 while the process says goodbye", int(self._is_draining))
        yield CounterMetricFamily("fleet_messages_in", "Live messages received", counters.messages_in)
        yield CounterMetricFamily("fleet_frames_out", "State frames sent", counters.frames_out)
        yield CounterMetricFamily("fleet_bytes_out", "Bytes of state frames sent", counters.bytes_out)
        yield labelled(CounterMetricFamily, "fleet_fixes", "Fixes by what became of them", "outcome", fixes)
        yield labelled(CounterMetricFamily, "fleet_fixes_refused", "Refused fixes", "reason", counters.fixes_refused)
        yield labelled(CounterMetricFamily, "fleet_phone_requests", "Phone apps", "dialect", counters.phone_requests)
        yield labelled(CounterMetricFamily, "fleet_passed_over", "Phones' other records", "kind", counters.passed_over)
        yield histogram("fleet_commit_fixes", "Fixes in a transaction", counters.commit_fixes)
        yield histogram("fleet_commit_seconds", "Time of a transaction", counters.commit_s)
        yield from sealing(counters.sealing)
        yield histogram("fleet_tick_seconds", "Time of a room's tick", counters.tick_s)
        yield CounterMetricFamily("fleet_conflated", "Frames merged for readers without credit", counters.conflated)
        yield labelled(CounterMetricFamily, "fleet_resumes", "Cursors that came back", "answer", counters.resumes)
        yield labelled(CounterMetricFamily, "fleet_gaps", "Rooms read again", "cause", counters.gaps)
        yield labelled(CounterMetricFamily, "fleet_closes", "Ended connections", "code", counters.closes)


def sealing(counts: SealingCounts) -> Iterable[Metric]:
    hours = {"first": counts.hours - counts.again, "again": counts.again}
    yield labelled(CounterMetricFamily, "fleet_sealed_hours", "Vehicle-hours that became blobs", "time", hours)
    yield CounterMetricFamily("fleet_sealed_fixes", "Fixes moved into blobs", counts.fixes)
    yield histogram("fleet_sealing_seconds", "Time of a transaction that seals", counts.slice_s)
    yield CounterMetricFamily("fleet_sealing_failures", "Transactions of sealing that broke off", counts.failures)
    yield GaugeMetricFamily("fleet_sealing_waiting_hours", "Closed vehicle-hours not sealed yet", counts.waiting_hours)


def labelled(
    family: type[CounterMetricFamily] | type[GaugeMetricFamily],
    name: str,
    text: str,
    label: str,
    values: Mapping[str, int] | Mapping[int, int],
) -> Metric:
    made = family(name, text, labels=[label])
    for key, value in values.items():
        made.add_metric([str(key)], value)
    return made


def histogram(name: str, text: str, values: Histogram) -> Metric:
    buckets, seen = [], 0
    for bound, count in zip([*map(str, values.bounds), "+Inf"], values.counts, strict=True):
        seen += count
        buckets.append((bound, seen))
    return HistogramMetricFamily(name, text, buckets=buckets, sum_value=values.total)


def render(collector: Collector) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    return generate_latest(registry)
