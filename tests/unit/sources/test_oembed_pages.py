"""Tests of pages by their oEmbed titles."""

from typing import Any

import aiohttp
import pytest

from bot.domain.errors import Forbidden, Unavailable
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.sources import oembed_pages
from bot.sources.http_client import HttpService
from tests.support.loopback import Loopback

VIDEO = SubjectRef(SubjectKind.TRACK, "r7qovpFAGrQ", MusicService.YOUTUBE)
TIDAL = SubjectRef(SubjectKind.TRACK, "77646168", MusicService.TIDAL)
BANDCAMP = SubjectRef(SubjectKind.TRACK, "botany/fourteen-45-tails", MusicService.BANDCAMP)
PRIVATE = SubjectRef(SubjectKind.TRACK, "forss/flickermood/s-Ab1", MusicService.SOUNDCLOUD)


@pytest.fixture
def client(loopback: Loopback, session: aiohttp.ClientSession) -> HttpService:
    return HttpService("oembed", loopback.url, session)


async def test_a_video_of_a_topic_channel_is_by_the_artist_of_the_channel(
    loopback: Loopback, client: HttpService
) -> None:
    reply = {"title": "Hello", "author_name": "Adele - Topic", "thumbnail_url": "https://i.x/a"}
    loopback.json("/oembed", reply)
    found = await oembed_pages.youtube(client).get(VIDEO)
    assert found is not None
    assert (found.title, found.artists, found.image) == ("Hello", ("Adele",), "https://i.x/a")
    assert found.url == "https://www.youtube.com/watch?v=r7qovpFAGrQ"
    assert loopback.requests[0].query["url"] == found.url


@pytest.mark.parametrize("status", [401, 403])
async def test_a_page_whose_owner_forbids_it_is_forbidden(
    loopback: Loopback, client: HttpService, status: int
) -> None:
    loopback.text("/oembed", "Unauthorized", status=status)
    with pytest.raises(Forbidden):
        await oembed_pages.youtube(client).get(VIDEO)


@pytest.mark.parametrize(
    "reply", [{"html": "<iframe></iframe>"}, {"version": "1.0"}, {"title": " \u200b"}], ids=str
)
async def test_a_page_without_a_visible_title_is_none(
    loopback: Loopback, client: HttpService, reply: dict[str, Any]
) -> None:
    loopback.json("/", reply)
    assert await oembed_pages.tidal(client).get(TIDAL) is None


async def test_invisible_names_and_insecure_pictures_are_left_out(
    loopback: Loopback, client: HttpService
) -> None:
    loopback.json("/", {"title": "Hello", "author_name": "\u200b", "thumbnail_url": "http://x"})
    found = await oembed_pages.tidal(client).get(TIDAL)
    assert found is not None
    assert (found.title, found.artists, found.image) == ("Hello", (), None)


async def test_a_private_tracks_token_is_kept(loopback: Loopback, client: HttpService) -> None:
    loopback.json("/oembed", {"title": "Flickermood by Forss", "author_name": "Forss"})
    found = await oembed_pages.soundcloud(client).get(PRIVATE)
    assert found is not None
    assert loopback.requests[0].query["url"] == "https://soundcloud.com/forss/flickermood/s-Ab1"


async def test_bandcamps_title_is_preferred_to_the_words_of_the_address(
    loopback: Loopback, client: HttpService
) -> None:
    loopback.json("/oembed", {"title": "Fourteen (45 Tails), by Botany"})
    found = await oembed_pages.BandcampPages(client).get(BANDCAMP)
    assert found is not None
    assert (found.title, found.artists) == ("Fourteen (45 Tails)", ("Botany",))


@pytest.mark.parametrize("status", [200, 403, 404, 429, 500])
async def test_without_bandcamps_title_the_words_of_the_address_are_told(
    loopback: Loopback, client: HttpService, status: int
) -> None:
    loopback.text("/oembed", "<title>Client Challenge</title>", status=status)
    found = await oembed_pages.BandcampPages(client).get(BANDCAMP)
    assert found is not None
    assert (found.title, found.artists) == ("Fourteen 45 Tails", ("Botany",))
    assert found.url == "https://botany.bandcamp.com/track/fourteen-45-tails"


async def test_other_json_is_an_unexpected_reply(loopback: Loopback, client: HttpService) -> None:
    loopback.json("/oembed", {"error": "no"})
    with pytest.raises(Unavailable, match="unexpected"):
        await oembed_pages.youtube(client).get(VIDEO)
