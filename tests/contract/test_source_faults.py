"""Every fault of a service times every source: nothing known or a typed error, within the time.

A new adapter is one line in `calls`.
"""

import asyncio
import socket
import tracemalloc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.domain.errors import Forbidden, Unavailable
from bot.domain.music_services import MusicService
from bot.domain.song_query import SongQuery
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources import oembed_pages
from bot.sources.deezer import DeezerLookup, DeezerPages
from bot.sources.deezer_collections import DeezerCollections
from bot.sources.discogs import Discogs
from bot.sources.http_client import MAX_RETRY_AFTER, HttpService
from bot.sources.itunes import ITunesCollections, ITunesPages, ITunesSearch
from bot.sources.lastfm import LastFm
from bot.sources.listenbrainz import ListenBrainzLabs, ListenBrainzTags
from bot.sources.musicbrainz import MusicBrainz, MusicBrainzPages
from bot.sources.oembed import OEmbedCollections, OEmbedLookup
from bot.sources.reccobeats import ReccoBeatsFeatures, ReccoBeatsLookup
from bot.sources.short_links import ShortLinkResolver
from bot.sources.spotify.collections import SpotifyCollections
from bot.sources.spotify.features import SpotifyFeatures
from bot.sources.spotify.lookup import SpotifyLookup
from bot.sources.spotify.session import SpotifySession
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.fault_server import DAY, FAULTS, FaultServer, reply

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*audio_features:DeprecationWarning"),
    # spotipy asks again in an older way if the token's reply is malformed.
    pytest.mark.filterwarnings("ignore:.*as_dict:DeprecationWarning"),
]

LIMITS: Final = {"no answer": 0.2, "slow drip": 0.2}
LIMIT: Final = 4.0
"""Seconds of a request, shorter for the faults that reach the limit."""

BUDGET: Final = 5.0
"""Seconds until a source has answered."""

AT_ONCE: Final = 8
"""Adapters that are tried at the same time, so that waiting for no answer takes little."""

TOKEN_PATH: Final = "/api/token"  # noqa: S105 - a path
TOKEN: Final = reply('{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}')
MBID: Final = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"
TRACK: Final = Track(
    OLD_TOWN_ROAD, "Old Town Road", ("Lil Nas X",), isrc="USSM11904128",
    musicbrainz_id=MBID, deezer_id="677524752",
)  # fmt: skip
QUERY: Final = SongQuery("old town road")

Call = Callable[[], Awaitable[object]]


def page(service: MusicService, number: str, kind: SubjectKind = SubjectKind.TRACK) -> SubjectRef:
    return SubjectRef(kind, number, service)


def calls(
    http: HttpService, spotify: SpotifySession, links: ShortLinkResolver, url: str
) -> Mapping[str, Call]:
    """Return one call of each adapter."""
    deezer, musicbrainz = DeezerLookup(http), MusicBrainz(http)
    labs, recco = ListenBrainzLabs(http), ReccoBeatsLookup(http)
    spotify_lookup = SpotifyLookup(spotify, "US")
    album, services = SubjectKind.ALBUM, MusicService
    recording = page(services.MUSICBRAINZ, MBID)
    apple_album = page(services.APPLE_MUSIC, "us/1", album)
    return {
        "reccobeats": lambda: recco.get(TRACK),
        "reccobeats search": lambda: recco.search(QUERY),
        "reccobeats features": lambda: ReccoBeatsFeatures(http).measure([TRACK] * 45),
        "deezer": lambda: deezer.get(TRACK),
        "deezer search": lambda: deezer.search(QUERY),
        "deezer page": lambda: DeezerPages(deezer).get(page(services.DEEZER, "677524752")),
        "deezer album": lambda: DeezerCollections(http).get(page(services.DEEZER, "1", album)),
        "deezer album by name": lambda: DeezerCollections(http).find_album("7 EP", ["Lil Nas X"]),
        "deezer artist": lambda: DeezerCollections(http).find_artist("Lil Nas X"),
        "musicbrainz": lambda: musicbrainz.get(TRACK),
        "musicbrainz search": lambda: musicbrainz.search(QUERY),
        "musicbrainz tags": lambda: musicbrainz.tags(TRACK),
        "musicbrainz page": lambda: MusicBrainzPages(musicbrainz).get(recording),
        "listenbrainz tags": lambda: ListenBrainzTags(http).tags(TRACK),
        "listenbrainz labs": lambda: labs.get(Track(None, TRACK.title, TRACK.artists)),
        "listenbrainz labs search": lambda: labs.search(SongQuery("old town road - lil nas x")),
        "itunes search": lambda: ITunesSearch(http).search(QUERY),
        "itunes page": lambda: ITunesPages(http).get(page(services.APPLE_MUSIC, "us/1468166348")),
        "itunes album": lambda: ITunesCollections(http).get(apple_album),
        "lastfm": lambda: LastFm(http, "hush-key").tags(TRACK),
        "discogs": lambda: Discogs(http, "hush-token").tags(TRACK),
        "spotify oembed": lambda: OEmbedLookup(http).get(TRACK),
        "spotify oembed album": lambda: OEmbedCollections(http).get(SubjectRef(album, "1" * 22)),
        "youtube": lambda: oembed_pages.youtube(http).get(page(services.YOUTUBE, "w2Ov5jzm3j8")),
        "tidal": lambda: oembed_pages.tidal(http).get(page(services.TIDAL, "110653480")),
        "soundcloud": lambda: oembed_pages.soundcloud(http).get(page(services.SOUNDCLOUD, "a/b")),
        "bandcamp": lambda: oembed_pages.BandcampPages(http).get(page(services.BANDCAMP, "a/b")),
        "spotify": lambda: spotify_lookup.get(TRACK),
        "spotify search": lambda: spotify_lookup.search(QUERY),
        "spotify features": lambda: SpotifyFeatures(spotify).measure([TRACK]),
        "spotify album": lambda: SpotifyCollections(spotify, "US").get(SubjectRef(album, "1" * 22)),
        "short links": lambda: links.resolve(f"{url}/a"),
    }  # fmt: skip


NAMES: Final = tuple(calls(None, None, None, ""))  # type: ignore[arg-type]  # names only
WORDS: Final = ("bandcamp",)
"""Adapters that answer without the service, from the words of the address."""


def open_calls(
    server: FaultServer, session: aiohttp.ClientSession, limit: float = LIMIT
) -> Mapping[str, Call]:
    timeout = aiohttp.ClientTimeout(total=limit)
    http = HttpService("service", server.url, session, timeout=timeout)
    spotify = SpotifySession(
        "id", "hush-secret", session, api=f"{server.url}/v1/",
        token_url=f"{server.url}{TOKEN_PATH}", timeout=timeout,
    )  # fmt: skip
    hosts = frozenset({server.url.removeprefix("http://")})
    links = ShortLinkResolver(session, hosts, timeout)
    return calls(http, spotify, links, server.url)


async def outcome(call: Call) -> object:
    """Return what a call returned or raised."""
    async with asyncio.timeout(BUDGET):
        try:
            return await call()
        except Unavailable as error:
            return error


def is_empty(result: object) -> bool:
    """Return whether a source said that it knows nothing."""
    if isinstance(result, Sequence):
        return not any(result)
    return result is None


@pytest.mark.parametrize("fault", FAULTS)
async def test_fault_ends_in_nothing_or_a_typed_error(
    session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    few = asyncio.Semaphore(AT_ONCE)

    async def check(name: str) -> None:
        async with few, FaultServer(FAULTS[fault], {TOKEN_PATH: TOKEN}).running() as server:
            result = await outcome(open_calls(server, session, LIMITS.get(fault, LIMIT))[name])
            assert server.trap == 0, f"{name}: no redirect is followed"
            assert 1 <= server.requests <= 5, f"{name}: nothing is repeated"
        assert isinstance(result, Unavailable) or is_empty(result) or name in WORDS, name
        if isinstance(result, Unavailable):
            assert "hush" not in str(result), name
            check_error(fault, result, name)

    async with asyncio.TaskGroup() as checks:
        for name in NAMES:
            checks.create_task(check(name))
    assert "hush" not in caplog.text


def check_error(fault: str, error: Unavailable, name: str) -> None:
    waits = {"429 for a second": 1, "429 for a day": DAY, "429 until a date": MAX_RETRY_AFTER,
             "429 without a time": 30, "429 with garbage": 30, "503 for a minute": 60}  # fmt: skip
    if fault in ("401", "403"):
        assert isinstance(error, Forbidden) or name == "short links", name
    elif fault in waits and name != "short links":
        assert error.retry_after == pytest.approx(waits[fault], abs=1), name
    else:
        assert not isinstance(error, Forbidden), name


@pytest.mark.parametrize("fault", FAULTS)
async def test_fault_of_spotifys_tokens_is_a_typed_error(
    session: aiohttp.ClientSession, fault: str
) -> None:
    async with FaultServer(FAULTS[fault]).running() as server:
        result = await outcome(open_calls(server, session, LIMITS.get(fault, LIMIT))["spotify"])
        assert server.trap == 0
        assert 1 <= server.requests <= 2
    assert isinstance(result, Unavailable)
    assert isinstance(result, Forbidden) is (fault in ("401", "403"))


@pytest.mark.parametrize("fault", ["500", "cut at once", "garbage", "a number", "no answer"])
async def test_service_that_fails_repeatedly_is_left_alone(
    session: aiohttp.ClientSession, fault: str
) -> None:
    async with FaultServer(FAULTS[fault], {TOKEN_PATH: TOKEN}).running() as server:
        opened = open_calls(server, session, LIMITS.get(fault, LIMIT))
        for name in ("deezer search", "spotify search"):
            before = server.requests
            for _ in range(10):
                assert isinstance(await outcome(opened[name]), Unavailable)
            repeats = 2 if fault == "cut at once" else 1  # aiohttp repeats such a GET once
            assert server.requests - before == 3 * repeats


@pytest.mark.parametrize("name", ["deezer search", "spotify search"])
@pytest.mark.parametrize("fault", ["gzip bomb", "huge body"])
async def test_bodies_are_read_up_to_a_limit(
    session: aiohttp.ClientSession, fault: str, name: str
) -> None:
    async with FaultServer(FAULTS[fault], {TOKEN_PATH: TOKEN}).running() as server:
        call = open_calls(server, session)[name]
        tracemalloc.start()
        try:
            result = await outcome(call)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(result, Unavailable)
    assert peak < 16 << 20, "of 64 MB"


class Resolver(AbstractResolver):
    """Gives one address first and others later, and records the names it was asked for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.names.append(host)
        address = "127.0.0.1" if len(self.names) == 1 else "169.254.169.254"
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
        ]

    async def close(self) -> None:
        pass


async def test_only_hosts_of_the_settings_are_looked_up() -> None:
    """A name that a service controls is never looked up, so it cannot lead anywhere else."""
    resolver = Resolver()
    connector = aiohttp.TCPConnector(resolver=resolver, force_close=True)
    fault = FAULTS["redirect to itself"]
    async with (
        FaultServer(fault).running() as server,
        aiohttp.ClientSession(connector=connector) as session,
    ):
        port = server.url.rpartition(":")[2]
        http = HttpService("x", f"http://music.example:{port}", session)
        result = await outcome(lambda: DeezerLookup(http).search(QUERY))
    assert isinstance(result, Unavailable)
    assert resolver.names == ["music.example"]
