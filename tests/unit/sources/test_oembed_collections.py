"""Titles of Spotify's albums, playlists and artists, which can be read without a key."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.domain.collections import Collection
from bot.domain.errors import BadReply, Unavailable
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.sources.http_client import HttpService
from bot.sources.oembed import NAME, OEmbedCollections
from tests.support.fake_collections import (
    ALBUM,
    SPOTIFY_ALBUM,
    SPOTIFY_ARTIST,
    SPOTIFY_PLAYLIST,
)
from tests.support.loopback import Loopback


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with Loopback().running() as running:
        yield running


@pytest.fixture
async def lookup(server: Loopback) -> AsyncIterator[OEmbedCollections]:
    async with aiohttp.ClientSession() as session:
        yield OEmbedCollections(HttpService(NAME, server.url, session))


@pytest.mark.parametrize(
    ("ref", "page"),
    [
        (SPOTIFY_ALBUM, "https://open.spotify.com/album/4IRiXE5NROxknUSAUSjMoO"),
        (SPOTIFY_ARTIST, "https://open.spotify.com/artist/7jVv8c5Fj3E9VhNjxT4snq"),
        (SPOTIFY_PLAYLIST, "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M"),
    ],
)
async def test_title_and_cover_are_known_and_no_tracks(
    server: Loopback, lookup: OEmbedCollections, ref: SubjectRef, page: str
) -> None:
    server.json("/oembed", {"title": "7 EP", "thumbnail_url": "https://i.scdn.co/image/7"})
    expected = Collection(ref, "7 EP", (), page, "https://i.scdn.co/image/7", 0, ())
    assert await lookup.get(ref) == expected
    assert [request.query["url"] for request in server.requests] == [page]


@pytest.mark.parametrize("image", [None, "http://i.scdn.co/image/7", 7])
async def test_cover_is_an_https_address_or_none(
    server: Loopback, lookup: OEmbedCollections, image: object
) -> None:
    server.json("/oembed", {"title": "7 EP", "thumbnail_url": image})
    found = await lookup.get(SPOTIFY_ALBUM)
    assert found
    assert found.image is None


@pytest.mark.parametrize("ref", [ALBUM, SubjectRef(SubjectKind.TRACK, "2YpeDb67231RjR0MgVLzsG")])
async def test_other_services_and_tracks_are_not_asked_for(
    server: Loopback, lookup: OEmbedCollections, ref: SubjectRef
) -> None:
    assert await lookup.get(ref) is None
    assert not server.requests


async def test_unknown_page_is_none(lookup: OEmbedCollections) -> None:
    assert await lookup.get(SPOTIFY_ALBUM) is None


async def test_malformed_reply_and_error_are_failures(
    server: Loopback, lookup: OEmbedCollections
) -> None:
    server.json("/oembed", {"name": "7 EP"})
    with pytest.raises(BadReply):
        await lookup.get(SPOTIFY_ALBUM)
    server.json("/oembed", {}, status=500)
    with pytest.raises(Unavailable):
        await lookup.get(SPOTIFY_ALBUM)
