"""Protection against other origins, and the security headers."""

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.platforms.web import events, security
from bot.platforms.web.site import Site
from tests.support.fake_services import FakeServices
from tests.unit.platforms.web.conftest import Client

BODY = {"id": "abcdefgh", "text": "heroes"}


def port_of(client: Client) -> int:
    port = client.port
    assert port is not None
    return port


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
async def test_loopback_hosts_are_accepted(client: Client, host: str) -> None:
    async with client.get("/", headers={"Host": f"{host}:{port_of(client)}"}) as response:
        assert response.status == 200


async def test_host_with_a_mapped_port_is_accepted(client: Client) -> None:
    ours = {"Host": "localhost:9000", "Origin": "http://localhost:9000"}
    async with client.post("/api/messages", json=BODY, headers=ours) as response:
        assert response.status == 200
    async with client.post(
        "/api/messages", json=BODY, headers=ours | {"Origin": "http://localhost:9001"}
    ) as response:
        assert response.status == 403


@pytest.mark.parametrize(
    "host",
    ["evil.test:{port}", "127.0.0.1.evil.test:{port}", "127.0.0.1:1:{port}", "evil.test", "", "["],
)
@pytest.mark.parametrize("path", ["/", "/api/history", "/charts/1.png", "/static/1/page.js"])
async def test_foreign_host_is_rejected(client: Client, host: str, path: str) -> None:
    headers = {"Host": host.format(port=port_of(client))}
    async with client.get(path, headers=headers) as response:
        assert response.status == 403
        assert f"http://127.0.0.1:{port_of(client)}" in (await response.json())["notice"]["text"]


async def test_configured_host_is_accepted(fake: FakeServices) -> None:
    app = events.build(fake.services, Site("music.home"))
    async with TestClient(TestServer(app)) as client:
        headers = {"Host": f"music.home:{client.port}"}
        async with client.get("/healthz", headers=headers) as response:
            assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "http://evil.test"}, id="another origin"),
        pytest.param({"Origin": "null"}, id="an opaque origin"),
        pytest.param({"Origin": "http://127.0.0.1:1"}, id="another port"),
        pytest.param({"Origin": "https://127.0.0.1:{port}"}, id="another scheme"),
        pytest.param({"Origin": "http://localhost:{port}"}, id="another name of ours"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="another port of this computer"),
        pytest.param(
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:{port}"}, id="both"
        ),
    ],
)
@pytest.mark.parametrize("path", ["/api/messages", "/api/votes"])
async def test_request_from_another_origin_is_rejected(
    client: Client, fake: FakeServices, headers: dict[str, str], path: str
) -> None:
    filled = {name: value.format(port=port_of(client)) for name, value in headers.items()}
    async with client.post(path, json=BODY, headers=filled) as response:
        assert response.status == 403
        assert security.COOKIE not in response.cookies
    assert fake.ask.asked == []


async def test_request_from_the_own_page_is_accepted(client: Client) -> None:
    headers = {"Origin": f"http://127.0.0.1:{port_of(client)}", "Sec-Fetch-Site": "same-origin"}
    async with client.post("/api/messages", json=BODY, headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("path", "mode", "destination", "status"),
    [
        pytest.param("/", "navigate", "document", 200, id="a link to the chat"),
        pytest.param("/", "navigate", "iframe", 403, id="the chat in a frame"),
        pytest.param("/api/history", "navigate", "document", 403, id="a link to the data"),
        pytest.param("/charts/1.png", "no-cors", "image", 403, id="a chart on another page"),
    ],
)
async def test_another_site_may_only_link_to_the_page(
    client: Client, path: str, mode: str, destination: str, status: int
) -> None:
    headers = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": mode,
        "Sec-Fetch-Dest": destination,
    }
    async with client.get(path, headers=headers) as response:
        assert response.status == status


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_form_content_types_are_rejected(
    client: Client, fake: FakeServices, content_type: str
) -> None:
    body = b'{"id": "abcdefgh", "text": "heroes"}'
    headers = {"Content-Type": content_type}
    async with client.post("/api/messages", data=body, headers=headers) as response:
        assert response.status == 415
    assert fake.ask.asked == []


@pytest.mark.parametrize(
    "path", ["/", "/static/1/page.js", "/api/history", "/nothing", "/charts/1.png"]
)
async def test_every_response_has_the_security_headers(client: Client, path: str) -> None:
    async with client.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_visitor_cookie_is_stable_and_http_only(client: Client) -> None:
    async with client.get("/api/history") as response:
        cookie = response.cookies[security.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    async with client.get("/api/history") as response:
        assert response.cookies[security.COOKIE].value == cookie.value


async def test_page_itself_sets_no_cookie(client: Client) -> None:
    # A link on another site comes without the SameSite cookie; a new one would replace it.
    async with client.get("/") as response:
        assert security.COOKIE not in response.cookies


@pytest.mark.parametrize("forged", ["", "x", "0" * 31, "0" * 33, "G" * 32, "' OR 1=1 --"])
async def test_invalid_visitor_id_is_replaced(client: Client, forged: str) -> None:
    headers = {"Cookie": f'{security.COOKIE}="{forged}"'}
    async with client.get("/api/history", headers=headers) as response:
        assert response.cookies[security.COOKIE].value != forged
