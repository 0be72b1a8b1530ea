"""Regions as a GeoJSON FeatureCollection (RFC 7946), as drawing programs write and read it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tracking.domain.errors import BadRequest, Invalid
from tracking.domain.text import NOT_STORABLE, is_storable
from tracking.wire.fix_json import decode_json

MAX_FEATURES = 500


class RegionFeature(NamedTuple):
    """`polygon` is not judged yet; `slug` and `colour` are None when the file does not say."""

    name: str
    polygon: Any
    slug: str | None
    colour: str | None


def decode_regions(body: bytes) -> list[RegionFeature]:
    """Raises BadRequest for what is no collection, or Invalid, whose fields begin with `features[index]`."""
    try:
        root = decode_json(body)
    except ValueError as error:
        raise BadRequest("bad_json", f"The body is not JSON: {error}.") from error
    features = root.get("features") if isinstance(root, dict) and root.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise BadRequest("bad_geojson", "The body must be a GeoJSON FeatureCollection.")
    if not 1 <= len(features) <= MAX_FEATURES:
        raise BadRequest("bad_geojson", f"A file has 1 to {MAX_FEATURES} features; this one has {len(features)}.")
    found: list[RegionFeature] = []
    errors: list[tuple[str, str]] = []
    for index, feature in enumerate(features):
        try:
            found.append(_decode_feature(feature))
        except Invalid as error:
            errors += [(f"features[{index}].{field}", reason) for field, reason in error.fields]
    if errors:
        raise Invalid(errors)
    return found


def _decode_feature(feature: Any) -> RegionFeature:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise Invalid([("type", "must be Feature")])
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    name, slug, colour = (_text(properties, key) for key in ("name", "slug", "colour"))
    if name is None:
        raise Invalid([("name", "the properties must have a name")])
    if not is_storable(polygon := feature.get("geometry")):
        raise Invalid([("polygon", NOT_STORABLE)])
    return RegionFeature(name, polygon, slug, colour)


def _text(properties: Mapping[str, Any], key: str) -> str | None:
    """Without spaces around it; None for what is left blank."""
    value = properties.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Invalid([(key, f"must be text; it is {str(value)[:40]!r}")])
    if not is_storable(value):
        raise Invalid([(key, NOT_STORABLE)])
    return value.strip() or None


def encode_regions(regions: Iterable[RegionFeature]) -> dict[str, Any]:
    """The collection as a value for an encoder of JSON."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"slug": region.slug, "name": region.name, "colour": region.colour},
                "geometry": region.polygon,
            }
            for region in regions
        ],
    }
