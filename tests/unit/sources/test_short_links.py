"""Short links: redirects are followed to allowed hosts only, a limited number of times."""

import asyncio
from urllib.parse import quote, urlsplit

import aiohttp
import pytest
from aiohttp import web

from bot.domain import links
from bot.domain.errors import Unavailable
from bot.sources.short_links import HOSTS, MAX_REDIRECTS, ShortLinkResolver
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.loopback import Loopback

TRACK = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}?si=x"


@pytest.fixture
def resolver(loopback: Loopback, session: aiohttp.ClientSession) -> ShortLinkResolver:
    hosts = frozenset({urlsplit(loopback.url).netloc})
    return ShortLinkResolver(session, hosts, aiohttp.ClientTimeout(total=1.5))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_to_a_track_is_returned_and_not_followed(
    resolver: ShortLinkResolver, loopback: Loopback, status: int
) -> None:
    loopback.text("/a", "", status=status, headers={"Location": TRACK})
    assert await resolver.resolve(f"{loopback.url}/a") == TRACK
    assert len(loopback.requests) == 1


async def test_redirect_to_the_app_is_not_followed_if_it_names_the_track(
    resolver: ShortLinkResolver, loopback: Loopback
) -> None:
    target = f"https://spotify.app.link/?$full_url={quote(TRACK, safe='')}"
    loopback.text("/a", "", status=302, headers={"Location": target})
    assert await resolver.resolve(f"{loopback.url}/a") == target
    assert links.parse(target) == links.Link("track", OLD_TOWN_ROAD)


@pytest.mark.parametrize(
    "target",
    [
        "https://www.deezer.com/track/136889400?host=0&utm_source=user_sharing",
        "https://www.deezer.com/open?dest=https%3A%2F%2Fwww.deezer.com%2Ftrack%2F136889400",
        "https://soundcloud.com/shift-key/on-my-mind?ref=clipboard&si=a",
        "https://soundcloud.com/shift-key/sets/demos",
    ],
)
async def test_redirect_to_a_page_of_another_service_is_returned(
    resolver: ShortLinkResolver, loopback: Loopback, target: str
) -> None:
    loopback.text("/s/a", "", status=302, headers={"Location": target})
    assert await resolver.resolve(f"{loopback.url}/s/a") == target
    assert len(loopback.requests) == 1


async def test_redirect_to_a_page_that_is_no_music_is_not_returned(
    resolver: ShortLinkResolver, loopback: Loopback
) -> None:
    target = "https://www.youtube.com/@somebody"
    loopback.text("/s/a", "", status=302, headers={"Location": target})
    assert await resolver.resolve(f"{loopback.url}/s/a") is None
    assert len(loopback.requests) == 1


def test_only_hosts_of_short_links_and_their_targets_are_asked() -> None:
    assert links.SHORT_HOSTS <= HOSTS
    assert {"open.spotify.com", "www.deezer.com", "soundcloud.com"} <= HOSTS
    assert not any(host.endswith(("youtube.com", "apple.com", "bandcamp.com")) for host in HOSTS)


async def test_absolute_and_relative_redirects_are_followed(
    resolver: ShortLinkResolver, loopback: Loopback
) -> None:
    loopback.text("/a", "", status=302, headers={"Location": "/b"})
    loopback.text("/b", "", status=302, headers={"Location": f"{loopback.url}/c"})
    loopback.text("/c", "", status=302, headers={"Location": TRACK})
    assert await resolver.resolve(f"{loopback.url}/a") == TRACK


async def test_redirect_loop_ends(resolver: ShortLinkResolver, loopback: Loopback) -> None:
    loopback.text("/a", "", status=302, headers={"Location": "/a"})
    assert await resolver.resolve(f"{loopback.url}/a") is None
    assert loopback.asked("/a") == MAX_REDIRECTS


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://evil.example/track/2YpeDb67231RjR0MgVLzsG",
        "//evil.example/",
        "http://[",
    ],
)
async def test_redirect_to_another_host_is_not_followed(
    resolver: ShortLinkResolver, loopback: Loopback, location: str
) -> None:
    loopback.text("/a", "", status=302, headers={"Location": location})
    assert await resolver.resolve(f"{loopback.url}/a") is None
    assert len(loopback.requests) == 1


async def test_link_to_another_host_is_not_requested(
    resolver: ShortLinkResolver, loopback: Loopback
) -> None:
    assert await resolver.resolve(loopback.url.replace("127.0.0.1", "localhost") + "/a") is None
    assert loopback.requests == []


async def test_link_without_redirect_returns_none(
    resolver: ShortLinkResolver, loopback: Loopback
) -> None:
    loopback.text("/page", "<html>")
    loopback.text("/no-location", "", status=302)
    for path in ("/page", "/missing", "/no-location"):
        assert await resolver.resolve(loopback.url + path) is None


async def test_body_is_not_read(resolver: ShortLinkResolver, loopback: Loopback) -> None:
    release = asyncio.Event()

    async def send_headers_only(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=302, headers={"Location": TRACK})
        await response.prepare(request)
        await release.wait()
        return response

    loopback.answer("/a", send_headers_only)
    assert await resolver.resolve(f"{loopback.url}/a") == TRACK
    release.set()


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_error_status_raises_unavailable(
    resolver: ShortLinkResolver, loopback: Loopback, status: int
) -> None:
    loopback.text("/a", "", status=status)
    with pytest.raises(Unavailable):
        await resolver.resolve(f"{loopback.url}/a")


async def test_hanging_service_times_out(resolver: ShortLinkResolver, loopback: Loopback) -> None:
    release = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    loopback.answer("/a", hang)
    with pytest.raises(Unavailable):
        await resolver.resolve(f"{loopback.url}/a")
    release.set()
