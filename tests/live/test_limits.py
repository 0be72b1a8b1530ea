"""How often a caller may ask."""

from tracking.live.limits import CallerBuckets


def test_each_caller_has_a_bucket_of_its_own() -> None:
    buckets = CallerBuckets(1, 2)
    assert [buckets.of("van", 0).take(0) for _ in range(3)] == [True, True, False]
    assert buckets.of("bus", 0).take(0)
    assert buckets.of("van", 1).take(1)


def test_callers_who_are_gone_are_forgotten() -> None:
    """Those whose bucket is full again; nobody gets more than before."""
    buckets = CallerBuckets(1, 2)
    for second in range(100):
        buckets.of(second, second).take(second)
    assert len(buckets) == 2
