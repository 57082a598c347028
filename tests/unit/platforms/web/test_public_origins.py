"""Names, origins and headers of a page that is served to everyone."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.platforms.web import events, security
from bot.platforms.web import site as site_module
from bot.platforms.web.site import Site
from bot.texts import public_page
from tests.support.fake_services import FakeServices
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.public import FROM_CHAT, HOST, SITE, URL, serving, status, visit

BODY = {"id": "abcdefgh", "text": "heroes"}
SONG = "/song/spotify-2YpeDb67231RjR0MgVLzsG"
EMBED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "image"}


@pytest.fixture
async def public(fake: FakeServices) -> AsyncIterator[Client]:
    async with serving(fake.services) as running:
        yield running


@pytest.mark.parametrize(
    "host", [HOST, "SONGS.example", f"{HOST}:443", "127.0.0.1:{port}", "localhost", "[::1]:80"]
)
async def test_own_names_are_accepted(public: Client, host: str) -> None:
    assert await status(public, "/api/history", visit(Host=host.format(port=public.port))) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test", f"{HOST}.evil.test", f"evil.{HOST}", f"{HOST}:80", f"{HOST}:8443", f"{HOST}.",
        f"{HOST}@evil.test", "192.0.2.1", "", f"{HOST},evil.test", "[",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host"])
async def test_other_names_are_refused_without_being_repeated(
    public: Client, host: str, name: str
) -> None:
    if not host and name != "Host":
        return  # a proxy that says nothing
    async with public.get("/", headers=visit() | {name: host}) as response:
        assert response.status == 421
        body = await response.text()
    assert public_page.FOREIGN_HOST in body
    assert "evil" not in body


@pytest.mark.parametrize("host", ["songs.example:8443", "SONGS.example:8443"])
async def test_port_of_the_address_counts(fake: FakeServices, host: str) -> None:
    async with serving(fake.services, replace(SITE, url=f"{URL}:8443")) as client:
        assert await status(client, "/", visit(Host=host)) == 200
        for other in (HOST, f"{HOST}:443"):
            assert await status(client, "/", visit(Host=other)) == 421


async def test_page_without_an_address_answers_to_local_names(fake: FakeServices) -> None:
    async with serving(fake.services, replace(SITE, url=None)) as client:
        assert await status(client, "/", visit(Host=f"127.0.0.1:{client.port}")) == 200
        assert await status(client, "/", visit()) == 421


async def test_forwarded_name_does_not_replace_the_host(public: Client) -> None:
    # A page of another site whose name leads here can send any header of its own.
    headers = visit(Host="evil.test", X_Forwarded_Host=HOST)
    assert await status(public, "/api/history", headers) == 421


async def test_health_is_told_under_any_name(public: Client) -> None:
    assert await status(public, "/healthz", {"Host": "healthcheck.platform.test"}) == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        pytest.param(HOST, f"http://{HOST}", id="without encryption"),
        pytest.param(HOST, f"{URL}:8443", id="another port"),
        pytest.param(HOST, "https://evil.test", id="another site"),
        pytest.param(HOST, "null", id="an opaque origin"),
        pytest.param(HOST, "https://127.0.0.1", id="another name of ours"),
        pytest.param("127.0.0.1", "https://evil.test", id="another site, by number"),
    ],
)
@pytest.mark.parametrize("path", ["/api/messages", "/api/votes", "/api/sounds"])
async def test_what_changes_something_comes_from_no_other_page(
    public: Client, fake: FakeServices, host: str, origin: str, path: str
) -> None:
    headers = visit(Host=host, Origin=origin)
    async with public.post(path, json=BODY, headers=headers) as response:
        assert response.status == 403
    assert fake.ask.asked == []


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        pytest.param(HOST, URL, id="the page"),
        pytest.param("127.0.0.1", URL, id="a proxy that changes the host"),
        pytest.param("127.0.0.1:80", "https://127.0.0.1:80", id="the operator"),
    ],
)
async def test_what_changes_something_comes_from_the_page(
    public: Client, host: str, origin: str
) -> None:
    headers = visit(Host=host, Origin=origin)
    async with public.post("/api/messages", json=BODY, headers=headers) as response:
        assert response.status == 200


async def test_page_that_came_without_encryption_changes_nothing(public: Client) -> None:
    headers = visit(Origin=f"http://{HOST}", X_Forwarded_Proto="http")
    async with public.post("/api/messages", json=BODY, headers=headers) as response:
        assert response.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_sending_without_an_origin_from_another_site_is_refused(
    public: Client, fake: FakeServices, site: str
) -> None:
    headers = visit() | FROM_CHAT | {"Sec-Fetch-Site": site}
    async with public.post("/api/messages", json=BODY, headers=headers) as response:
        assert response.status == 403
        assert URL in (await response.json())["notice"]["text"]
        assert security.COOKIE not in response.cookies
    assert fake.ask.asked == []


@pytest.mark.parametrize(
    "path",
    [
        "/", SONG, f"{SONG}.json", f"{SONG}/card.png",
        "/search?q=a", "/compare?a=1&b=2", "/whatif?tempo=120",
    ],
)  # fmt: skip
@pytest.mark.parametrize("site", [SITE, Site()], ids=["public", "local"])
async def test_links_on_other_sites_lead_to_pages(
    fake: FakeServices, path: str, site: Site
) -> None:
    async with serving(fake.services, site) as client:
        headers = (visit() if site.is_public else {}) | FROM_CHAT
        assert await status(client, path, headers) != 403
        may_frame = site.is_public and path.endswith((".json", ".png"))
        framed = await status(client, path, headers | {"Sec-Fetch-Dest": "iframe"})
        assert (framed == 403) != may_frame
        assert await status(client, "/api/history", headers) == 403


@pytest.mark.parametrize("path", [f"{SONG}.json", f"{SONG}/card.png", "/oembed?url=x"])
async def test_other_sites_show_what_is_made_for_it(fake: FakeServices, path: str) -> None:
    headers = EMBED | {"Origin": "https://blog.example"}
    async with (
        serving(fake.services) as public,
        public.get(path, headers=visit() | headers) as response,
    ):
        assert response.status != 403
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in response.headers
    async with serving(fake.services, Site()) as local:
        assert await status(local, path, headers) == 403


@pytest.mark.parametrize("path", ["/", "/api/history", "/charts/1.png", "/cards/1.png", SONG])
async def test_other_sites_show_nothing_else(public: Client, path: str) -> None:
    headers = EMBED | {"Origin": "https://blog.example"}
    async with public.get(path, headers=visit() | headers) as response:
        assert response.status == 403
        assert "Access-Control-Allow-Origin" not in response.headers
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("url", "proto"), [(URL, "https"), (URL, "http"), (f"http://{HOST}", "http")]
)
async def test_cookie_is_sent_by_https_alone(fake: FakeServices, url: str, proto: str) -> None:
    is_encrypted = url == URL
    async with (
        serving(fake.services, replace(SITE, url=url)) as client,
        client.get("/api/history", headers=visit(X_Forwarded_Proto=proto)) as response,
    ):
        (cookie,) = response.cookies.values()
        assert (cookie.key, bool(cookie["secure"])) == (security.COOKIE, is_encrypted)
        assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Strict", True, "/")
        assert ("Strict-Transport-Security" in response.headers) == is_encrypted


async def test_page_for_this_computer_says_nothing_of_https(client: Client) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    async with client.get("/api/history", headers=headers) as response:
        assert not response.cookies[security.COOKIE]["secure"]
        assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize("path", ["/", "/api/history", SONG])
async def test_policy_allows_no_inline_script_and_one_place_that_parses_markup(
    public: Client, path: str
) -> None:
    async with public.get(path, headers=visit()) as response:
        policy = response.headers["Content-Security-Policy"].split("; ")
    assert {"script-src 'self'", "style-src 'self'", "form-action 'self'"} <= set(policy)
    assert {"require-trusted-types-for 'script'", "trusted-types soundslike"} <= set(policy)
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize(
    ("site", "headers", "origin", "address"),
    [
        (SITE, visit(), URL, "203.0.113.7"),
        (replace(SITE, url=None), visit(Host="localhost"), "https://localhost", "203.0.113.7"),
        (replace(SITE, proxies=()), visit(), URL, "127.0.0.1"),
        (Site(is_public=True), visit(Host="localhost"), "http://localhost", "127.0.0.1"),
        (Site(), visit(Host="localhost"), "http://localhost", "127.0.0.1"),
    ],
)  # fmt: skip
async def test_origin_and_address_of_a_visitor(
    fake: FakeServices, site: Site, headers: dict[str, str], origin: str, address: str
) -> None:
    async def tell(request: web.Request) -> web.Response:
        return web.json_response([site_module.origin(request), site_module.client_address(request)])

    app = events.build(fake.services, site)
    app.add_routes([web.get("/tell", tell)])
    async with TestClient(TestServer(app)) as client, client.get("/tell", headers=headers) as reply:
        assert await reply.json() == [origin, address]
