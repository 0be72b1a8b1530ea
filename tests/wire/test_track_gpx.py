"""A track as GPX 1.1."""

from xml.etree import ElementTree

from tests.wire.track_samples import make_head, make_row, written
from tracking.wire.track_gpx import encode_track_gpx

NAMES = {
    "": "http://www.topografix.com/GPX/1/1",
    "gpxtpx": "http://www.garmin.com/xmlschemas/TrackPointExtension/v2",
    "fleet": "urn:fleet:gpx:1",
}


def points_of(text: str) -> list[ElementTree.Element]:
    """The points of the one segment of the one track."""
    return ElementTree.fromstring(text).findall("trk/trkseg/trkpt", NAMES)


def test_the_root_has_the_version_the_creator_and_the_parts_in_the_order_of_the_schema() -> None:
    root = ElementTree.fromstring(written(encode_track_gpx))
    assert root.tag == "{http://www.topografix.com/GPX/1/1}gpx"
    assert root.attrib == {"version": "1.1", "creator": "Fleet"}
    assert [child.tag.rpartition("}")[2] for child in root] == ["metadata", "trk"]
    assert root.findall("trk/trkseg", NAMES)[0].findall("*") == []


def test_points_carry_place_and_time() -> None:
    first, second = points_of(written(encode_track_gpx, [make_row(0.5)], [make_row(1, lat=-1e-7, lon=-179.9999999)]))
    assert first.attrib == {"lat": "57.7000000", "lon": "11.9700000"}
    assert first.findtext("time", namespaces=NAMES) == "2026-01-01T09:00:00.500Z"
    assert second.attrib == {"lat": "-0.0000001", "lon": "-179.9999999"}
    assert first.find("extensions", NAMES) is None


def test_the_schema_ends_longitudes_below_180() -> None:
    assert points_of(written(encode_track_gpx, [make_row(lon=180.0)]))[0].attrib["lon"] == "-180.0000000"


def test_speed_course_and_accuracy_are_extensions() -> None:
    """Garmin's schema wants speed before course, both within one element."""
    (point,) = points_of(written(encode_track_gpx, [make_row(speed_mps=4.2, course_deg=90.0, accuracy_m=5.0)]))
    motion, accuracy = point.findall("extensions/*", NAMES)
    assert [(child.tag.rpartition("}")[2], child.text) for child in motion] == [("speed", "4.200"), ("course", "90.00")]
    assert (accuracy.tag, accuracy.text) == ("{urn:fleet:gpx:1}accuracy_m", "5.00")


def test_a_name_may_hold_anything() -> None:
    """What XML cannot carry is left out, the rest is escaped."""
    root = ElementTree.fromstring(written(encode_track_gpx, head=make_head(name="A<b> & \x07C")))
    assert root.findtext("trk/name", namespaces=NAMES) == "A<b> & C"


def test_a_limited_track_says_so() -> None:
    root = ElementTree.fromstring(written(encode_track_gpx, head=make_head(limited=True)))
    assert "only" in (root.findtext("metadata/desc", namespaces=NAMES) or "")


def test_a_gap_ends_a_segment() -> None:
    """No line is drawn across it, wherever pages end."""
    text = written(encode_track_gpx, [make_row(0), make_row(1)], [make_row(900), make_row(901)], starts=[0, 2])
    segments = ElementTree.fromstring(text).findall("trk/trkseg", NAMES)
    assert [len(segment) for segment in segments] == [2, 2]
