"""The OpenAPI document and the page that shows it."""

from typing import Any

from tests.api.conftest import Fleet

OF_GUESTS = ("/api/v1/share", "/api/v1/share/track")


async def load_document(fleet: Fleet) -> Any:
    async with fleet.as_user(None) as client:
        return (await client.get("openapi.json")).json()


async def test_posting_fixes_is_documented_though_django_does_not_serve_it(fleet: Fleet) -> None:
    document = await load_document(fleet)
    post = document["paths"]["/api/v1/fixes"]["post"]
    assert list(post["responses"]) == ["200", "400", "401", "413", "415", "429", "503"]
    assert list(post["requestBody"]["content"]) == ["application/json", "application/x-ndjson"]
    assert post["security"] == [{"DeviceToken": []}]
    assert document["components"]["securitySchemes"]["DeviceToken"]["scheme"] == "bearer"


async def test_the_door_of_phone_apps_is_documented(fleet: Fleet) -> None:
    post = (await load_document(fleet))["paths"]["/in/{token}"]["post"]
    assert list(post["responses"]) == ["200", "400", "401", "413", "415", "429", "503"]
    assert [parameter["name"] for parameter in post["parameters"]] == ["token"]


async def test_pairing_is_documented_though_django_does_not_serve_it(fleet: Fleet) -> None:
    post = (await load_document(fleet))["paths"]["/api/v1/pair"]["post"]
    assert list(post["responses"]) == ["200", "400", "404", "410", "413", "429", "503"]
    assert post["security"] == []


async def test_every_endpoint_documents_its_problems_and_who_may_ask(fleet: Fleet) -> None:
    document = await load_document(fleet)
    for path, item in document["paths"].items():
        if "get" in item:
            assert {"200", "304", "401", "422", "503"} <= item["get"]["responses"].keys(), path
            people = [{"SessionAuth": []}, {"ApiTokenAuth": []}]
            assert item["get"]["security"][:2] == ([{"ShareAuth": []}] if path in OF_GUESTS else people), path


async def test_every_reference_leads_somewhere(fleet: Fleet) -> None:
    document = await load_document(fleet)
    named = set(references(document))
    assert named
    assert named <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


def references(value: Any) -> list[str]:
    """Every `$ref` below a value."""
    if isinstance(value, list):
        return [found for item in value for found in references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [found for item in value.values() for found in references(item)]


async def test_the_track_documents_its_formats(fleet: Fleet) -> None:
    track = (await load_document(fleet))["paths"]["/api/v1/vehicles/{slug}/track"]["get"]
    assert list(track["responses"]["200"]["content"]) == [
        "application/json",
        "application/geo+json",
        "application/gpx+xml",
        "application/vnd.google-earth.kml+xml",
        "text/csv",
        "application/vnd.fleet.track",
    ]
    assert [parameter["name"] for parameter in track["parameters"]] == [
        *("slug", "from", "to", "format", "max_points", "tolerance_m")
    ]


async def test_the_page_runs_under_the_strict_policy(fleet: Fleet) -> None:
    """All scripts are files of our own: nothing inline, nothing from elsewhere."""
    async with fleet.as_user(None) as client:
        page = await client.get("docs")
    assert page.status_code == 200
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert "http" not in page.text
    scripts = [tag for tag in page.text.split("<script")[1:] if "application/json" not in tag.partition(">")[0]]
    assert scripts and all('src="/static/' in tag.partition(">")[0] for tag in scripts)


async def test_an_unknown_path_is_a_problem_too(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        response = await client.get("trips")
    assert response.status_code == 404
    assert response.json()["detail"] == "There is nothing at /api/v1/trips; see /api/v1/docs."
