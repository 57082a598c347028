"""Short links: redirects are followed on the allow-list only, a bounded number of times."""

import asyncio
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web

from bot.domain.errors import Unavailable
from bot.sources.short_links import MAX_REDIRECTS, ShortLinkResolver
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.loopback import Loopback

TRACK = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}?si=x"


@pytest.fixture
def resolver(loopback: Loopback, session: aiohttp.ClientSession) -> ShortLinkResolver:
    hosts = frozenset({urlsplit(loopback.url).netloc})
    return ShortLinkResolver(session, hosts, aiohttp.ClientTimeout(total=0.2))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_a_track_is_the_answer_and_is_not_followed(
    resolver: ShortLinkResolver, loopback: Loopback, status: int
) -> None:
    loopback.text("/a", "", status=status, headers={"Location": TRACK})
    assert await resolver.resolve(f"{loopback.url}/a") == TRACK
    assert len(loopback.requests) == 1


async def test_several_redirects_are_followed_relative_ones_too(
    resolver: ShortLinkResolver, loopback: Loopback
) -> None:
    loopback.text("/a", "", status=302, headers={"Location": "/b"})
    loopback.text("/b", "", status=302, headers={"Location": f"{loopback.url}/c"})
    loopback.text("/c", "", status=302, headers={"Location": TRACK})
    assert await resolver.resolve(f"{loopback.url}/a") == TRACK


async def test_a_ring_of_redirects_ends(resolver: ShortLinkResolver, loopback: Loopback) -> None:
    loopback.text("/a", "", status=302, headers={"Location": "/a"})
    assert await resolver.resolve(f"{loopback.url}/a") is None
    assert loopback.asked("/a") == MAX_REDIRECTS


@pytest.mark.parametrize(
    "elsewhere",
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
async def test_no_other_host_is_ever_asked(
    resolver: ShortLinkResolver, loopback: Loopback, elsewhere: str
) -> None:
    loopback.text("/a", "", status=302, headers={"Location": elsewhere})
    assert await resolver.resolve(f"{loopback.url}/a") is None
    assert len(loopback.requests) == 1


async def test_a_link_on_no_host_of_ours_is_not_asked(
    resolver: ShortLinkResolver, loopback: Loopback
) -> None:
    assert await resolver.resolve(loopback.url.replace("127.0.0.1", "localhost") + "/a") is None
    assert loopback.requests == []


async def test_a_link_that_leads_nowhere_is_none(
    resolver: ShortLinkResolver, loopback: Loopback
) -> None:
    loopback.text("/page", "<html>")
    loopback.text("/lost", "", status=302)
    for path in ("/page", "/gone", "/lost"):
        assert await resolver.resolve(loopback.url + path) is None


async def test_a_body_is_not_read(resolver: ShortLinkResolver, loopback: Loopback) -> None:
    read_on = asyncio.Event()

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=302, headers={"Location": TRACK})
        await response.prepare(request)
        await read_on.wait()
        return response

    loopback.answer("/a", endless)
    assert await resolver.resolve(f"{loopback.url}/a") == TRACK
    read_on.set()


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_service_in_trouble_is_unavailable(
    resolver: ShortLinkResolver, loopback: Loopback, status: int
) -> None:
    loopback.text("/a", "", status=status)
    with pytest.raises(Unavailable):
        await resolver.resolve(f"{loopback.url}/a")


async def test_silence_is_unavailable_in_bounded_time(
    resolver: ShortLinkResolver, loopback: Loopback
) -> None:
    hang_up = asyncio.Event()

    async def never(_: web.Request) -> web.Response:
        await hang_up.wait()
        return web.Response()

    loopback.answer("/a", never)
    with pytest.raises(Unavailable):
        await resolver.resolve(f"{loopback.url}/a")
    hang_up.set()
