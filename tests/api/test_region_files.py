"""All regions as one GeoJSON file."""

import json
from typing import Any

import httpx
import pytest

from tests.api.conftest import HAGA_LON, OUTSIDE_LON, Fleet, assert_is_problem, square
from tests.api.test_region_editing import BOWTIE, CSRF, allow, editor
from tracking.models import Region
from tracking.wire.region_geojson import MAX_FEATURES

__all__ = ["editor"]


def feature(lon: float = OUTSIDE_LON, geometry: Any = None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry or square(57.69, lon)}


async def post(client: httpx.AsyncClient, *features: Any) -> httpx.Response:
    return await client.post("regions.geojson", json={"type": "FeatureCollection", "features": features}, headers=CSRF)


async def test_what_was_exported_can_be_imported(editor: httpx.AsyncClient) -> None:
    """The same file changes nothing; after a deletion it brings back what is gone."""
    exported = await editor.get("regions.geojson")
    assert exported.headers["content-type"] == "application/geo+json"
    again = await editor.post("regions.geojson", content=exported.content)
    assert [(item["slug"], item["outcome"]) for item in again.json()["features"]] == [
        ("haga", "unchanged"),
        ("majorna", "unchanged"),
    ]
    await editor.delete("regions/haga", headers={"If-Match": "*"})
    back = await editor.post("regions.geojson", content=exported.content)
    assert [item["outcome"] for item in back.json()["features"]] == ["added", "unchanged"]
    assert (await editor.get("regions.geojson")).content == exported.content


async def test_a_limited_reader_exports_the_regions_granted(fleet: Fleet) -> None:
    async with fleet.as_user("haga") as client:
        features = (await client.get("regions.geojson")).json()["features"]
    assert features == [feature(HAGA_LON, slug="haga", name="Haga", colour="#7a5af5")]


async def test_features_are_added_and_changed(editor: httpx.AsyncClient) -> None:
    """By their slug; what a file from elsewhere says besides is ignored."""
    response = await post(
        editor,
        feature(name="Heden", population=12),
        feature(slug="haga", name="Haga"),
        feature(slug="new", name="New", colour="#010203"),
    )
    assert [(item["slug"], item["outcome"]) for item in response.json()["features"]] == [
        ("heden", "added"),
        ("haga", "changed"),
        ("new", "added"),
    ]
    haga = await Region.objects.aget(slug="haga")
    assert (haga.polygon, haga.colour) == (square(57.69, OUTSIDE_LON), "#7a5af5")


async def test_one_bad_feature_keeps_all_out(editor: httpx.AsyncClient) -> None:
    """Each is told, by its place in the file."""
    response = await post(
        editor,
        feature(name="Good"),
        feature(name="Twisted", geometry=BOWTIE),
        feature(name="Grey", colour="grey"),
        feature(name="Haga"),
        feature(slug="twice", name="One"),
        feature(slug="twice", name="Two"),
    )
    assert_is_problem(response, 422)
    errors = {error["field"]: error["reason"] for error in response.json()["errors"]}
    assert list(errors) == ["features[1].polygon", "features[2].colour", "features[3].name", "features[5].slug"]
    assert "Self-intersection" in errors["features[1].polygon"]
    assert await Region.objects.acount() == 2


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"type": "Point"}, "type"),
        (feature(), "name"),
        ({"type": "Feature", "properties": None, "geometry": None}, "name"),
        (feature(name=7), "name"),
        (feature(name="  "), "name"),
        (feature(name="X", colour=[]), "colour"),
        ({"type": "Feature", "properties": {"name": "X"}, "geometry": None}, "polygon"),
        (None, "type"),
    ],
)
async def test_a_feature_that_is_none_is_told(editor: httpx.AsyncClient, bad: Any, field: str) -> None:
    response = await post(editor, feature(name="Good"), bad)
    assert_is_problem(response, 422)
    assert [error["field"] for error in response.json()["errors"]] == [f"features[1].{field}"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'{"type": "Feature"}', 400),
        (b'{"type": "FeatureCollection", "features": []}', 400),
        (json.dumps({"type": "FeatureCollection", "features": [{}] * (MAX_FEATURES + 1)}).encode(), 400),
        (b" " * (2 * 1024 * 1024 + 1), 413),
        (b" " * 3_000_000, 413),
    ],
)
async def test_a_file_that_cannot_be_taken_is_refused(editor: httpx.AsyncClient, body: bytes, status: int) -> None:
    assert_is_problem(await editor.post("regions.geojson", content=body), status)


async def test_each_feature_needs_its_permission(fleet: Fleet) -> None:
    """To add, or to change a region that one may watch."""
    async with fleet.as_user("haga") as client:
        assert_is_problem(await post(client, feature(name="X")), 403)
        await allow("haga", "change_region")
        assert_is_problem(await post(client, feature(name="X")), 422)
        assert_is_problem(await post(client, feature(slug="majorna", name="X")), 422)
        assert (await post(client, feature(slug="haga", name="X"))).status_code == 200
    async with fleet.as_user("nobody") as client:
        await allow("nobody", "add_region")
        assert_is_problem(await post(client, feature(slug="haga", name="Y")), 422)
        assert (await post(client, feature(name="Y"))).status_code == 200


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b"])
@pytest.mark.parametrize("field", ["name", "polygon"])
async def test_what_cannot_be_stored_is_refused(editor: httpx.AsyncClient, field: str, text: str) -> None:
    named = feature(name="TEXT" if field == "name" else "Heden", geometry=square(57.69, OUTSIDE_LON) | {"note": field})
    body = (
        json.dumps({"type": "FeatureCollection", "features": [named]})
        .replace("TEXT", text)
        .replace('"polygon"', f'"{text}"')
    )
    answer = await editor.post("regions.geojson", content=body.encode(), headers=CSRF)
    assert_is_problem(answer, 422)
    assert [error["field"] for error in answer.json()["errors"]] == [f"features[0].{field}"]
