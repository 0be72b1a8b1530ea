"""What programs read is English, whatever their user's browser asks for."""

from tests.api.conftest import Fleet, assert_is_problem


async def test_problems_are_english_and_cached_for_everybody(fleet: Fleet) -> None:
    async with fleet.as_user("chief") as client:
        swedish = await client.get("vehicles/nowhere", headers={"Accept-Language": "sv"})
        english = await client.get("vehicles/nowhere")
    assert_is_problem(swedish, 404)
    assert swedish.json() == english.json()
    assert "content-language" not in swedish.headers
    assert "Accept-Language" not in swedish.headers.get("vary", "")
