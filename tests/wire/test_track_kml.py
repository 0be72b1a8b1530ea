"""A track as KML 2.3."""

from xml.etree import ElementTree

from tests.wire.track_samples import make_head, make_row, written
from tracking.wire.track_kml import encode_track_kml

NAMES = {"": "http://www.opengis.net/kml/2.3"}
TRACKS = "Document/Placemark/MultiTrack/Track"


def test_a_track_pairs_times_and_places() -> None:
    """All times first, as the schema wants it; longitude before latitude."""
    text = written(encode_track_kml, [make_row(0), make_row(1, lat=-1e-7)], [make_row(2, lon=-180)])
    (track,) = ElementTree.fromstring(text).findall(TRACKS, NAMES)
    assert [(child.tag.rpartition("}")[2], child.text) for child in track] == [
        ("when", "2026-01-01T09:00:00.000Z"),
        ("when", "2026-01-01T09:00:01.000Z"),
        ("when", "2026-01-01T09:00:02.000Z"),
        ("coord", "11.9700000 57.7000000"),
        ("coord", "11.9700000 -0.0000001"),
        ("coord", "-180.0000000 57.7000000"),
    ]


def test_a_gap_ends_a_track_and_is_not_bridged() -> None:
    root = ElementTree.fromstring(
        written(encode_track_kml, [make_row(0), make_row(900)], [make_row(901)], starts=[0, 1])
    )
    assert [len(track) for track in root.findall(TRACKS, NAMES)] == [2, 4]
    assert root.findtext("Document/Placemark/MultiTrack/interpolate", namespaces=NAMES) == "0"


def test_an_empty_track_is_a_document_without_one() -> None:
    assert ElementTree.fromstring(written(encode_track_kml)).findall(TRACKS, NAMES) == []


def test_a_name_may_hold_anything_and_a_limited_track_says_so() -> None:
    root = ElementTree.fromstring(written(encode_track_kml, head=make_head(name="A<b> & \x07C", limited=True)))
    assert root.findtext("Document/Placemark/name", namespaces=NAMES) == "A<b> & C"
    assert "only" in (root.findtext("Document/description", namespaces=NAMES) or "")
