from tracking.domain.counters import Histogram


def test_a_value_on_a_bound_counts_below_it() -> None:
    """As Prometheus' `le` says."""
    histogram = Histogram((1, 5))
    for value in (0.5, 1, 1.5, 5, 99):
        histogram.observe(value)
    assert histogram.counts == [2, 2, 1]
    assert (histogram.count, histogram.total) == (5, 107)
