"""The live page where the network does not let WebSockets through."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation
from tests.browser.test_live_page import CENTRE_LAT, CENTRE_LON, ZOOM, post, wait_until_painted

HERE = f"/?at={ZOOM}/{CENTRE_LAT}/{CENTRE_LON}"
BLOCKED = """window.WebSocket = class extends EventTarget {
    constructor() {
        super();
        setTimeout(() => this.dispatchEvent(new CloseEvent('close', { code: 1006 })));
    }
    close() {}
};"""
DEAF = "window.EventSource = class { close() {} };"


def asks_for(page: Page, path: str) -> list[str]:
    """The addresses under `path` that the page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if f"/live/v1/{path}" in request.url else None)
    return asked


def sees_it_move(installation: Installation, page: Page) -> None:
    post(installation, 0)
    installation.log_in(page, HERE)
    wait_until_painted(page, 0)
    post(installation, 150)
    wait_until_painted(page, 150)


def test_without_websockets_the_map_moves_by_server_sent_events(installation: Installation, page: Page) -> None:
    page.add_init_script(BLOCKED)
    streams = asks_for(page, "sse")
    sees_it_move(installation, page)
    expect(page.get_by_text("· SSE")).to_be_visible()
    assert len(streams) == 1


def test_without_those_either_it_moves_by_long_polling(installation: Installation, page: Page) -> None:
    page.add_init_script(BLOCKED + DEAF)
    sees_it_move(installation, page)
    expect(page.get_by_text("· long polling")).to_be_visible()


def test_a_browser_that_knows_neither_polls_too(installation: Installation, page: Page) -> None:
    page.add_init_script("delete window.WebSocket; delete window.EventSource;")
    sees_it_move(installation, page)
    expect(page.get_by_text("· long polling")).to_be_visible()


def test_over_a_websocket_positions_come_packed(installation: Installation, page: Page) -> None:
    packed: list[bool] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: packed.append(isinstance(frame, bytes))),
    )
    sees_it_move(installation, page)
    expect(page.get_by_text("· WebSocket")).to_be_visible()
    assert any(packed)


def test_two_tabs_share_one_stream_and_one_outlives_the_other(installation: Installation, page: Page) -> None:
    page.context.add_init_script(BLOCKED)
    post(installation, 0)
    installation.log_in(page, HERE)
    expect(page.get_by_text("· SSE")).to_be_visible()
    second = page.context.new_page()
    streams = asks_for(second, "sse")
    second.goto(installation.url + HERE)
    expect(second.get_by_text("· SSE")).to_be_visible()
    wait_until_painted(second, 0)
    assert streams == []
    page.close()
    post(installation, 150)
    wait_until_painted(second, 150)
    assert len(streams) == 1


def test_a_page_of_ones_own_watches_by_the_published_module(installation: Installation, page: Page) -> None:
    post(installation, 0)
    installation.log_in(page)
    name = page.evaluate("""async () => {
        const { watchFleet } = await import('/static/fleet-live.js');
        return new Promise(resolve => {
            const onChange = () => resolve(fleet.vehicles()[0].name);
            const fleet = watchFleet({ channels: ['region:all'], onChange });
        });
    }""")
    assert name == "van"
