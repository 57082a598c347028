"""Summaries of collections with the real adapters, against the stand-ins of the services."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence

import aiohttp
import pytest

from bot.domain.errors import CollectionUnreadable, SoundslikeError, Unavailable
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.services.collections import CollectionService
from bot.sources.chain import FeatureChain
from bot.sources.deezer import DeezerLookup
from bot.sources.deezer_collections import DeezerCollections
from tests.contract.music_adapters import (
    ALBUM,
    PLAYLIST,
    SPOTIFY_PLAYLIST,
    Adapters,
    music_world,
)
from tests.stubs.music.catalogue import base62
from tests.stubs.music.service import Fault
from tests.support.fake_stores import FakeSummaryStore
from tests.support.fakes import FakeModelRegistry, FakeRenderer
from tests.support.store_values import PLACE

BAND = ALBUM[0]
DEEZER_ALBUM = SubjectRef(SubjectKind.ALBUM, str(BAND.album_id), MusicService.DEEZER)
DEEZER_PLAYLIST = SubjectRef(SubjectKind.PLAYLIST, str(PLAYLIST), MusicService.DEEZER)
DEEZER_ARTIST = SubjectRef(SubjectKind.ARTIST, str(BAND.artist_id), MusicService.DEEZER)
APPLE_ALBUM = SubjectRef(SubjectKind.ALBUM, f"us/{BAND.album_id}", MusicService.APPLE_MUSIC)
SPOTIFY_ALBUM = SubjectRef(SubjectKind.ALBUM, BAND.album_spotify_id)
SPOTIFY_ARTIST = SubjectRef(SubjectKind.ARTIST, base62(f"artist {BAND.artist}"))
CLOSED_PLAYLIST = SubjectRef(SubjectKind.PLAYLIST, SPOTIFY_PLAYLIST)


@pytest.fixture
async def adapters() -> AsyncIterator[Adapters]:
    async with aiohttp.ClientSession() as session, music_world().running() as world:
        yield Adapters(world, session)


def service(
    adapters: Adapters, names: Sequence[str] = ("deezer", "itunes", "spotify-oembed")
) -> CollectionService:
    """Return the service with the sources that need no account."""
    deezer = adapters.http(adapters.world.deezer)
    return CollectionService(
        lookups=[adapters.collections[name]() for name in names],
        search=DeezerCollections(deezer),
        features=FeatureChain([adapters.features]),
        track_lookups=[DeezerLookup(deezer)],
        models=FakeModelRegistry(),
        summaries=FakeSummaryStore(),
        renderer=FakeRenderer(),
    )


@pytest.mark.parametrize(
    ("ref", "asked"),
    [
        (DEEZER_ALBUM, {"deezer": 2, "reccobeats": 3}),
        (SPOTIFY_ALBUM, {"spotify-oembed": 1, "deezer": 3, "reccobeats": 3}),
        (APPLE_ALBUM, {"itunes": 1, "deezer": 3, "reccobeats": 3}),
    ],
)
async def test_album_of_any_service_is_summarised_with_few_requests(
    adapters: Adapters, ref: SubjectRef, asked: Mapping[str, int]
) -> None:
    answer = (await service(adapters).summarise(ref, PLACE)).answer
    assert (answer.ref, answer.title, answer.answered) == (ref, "Suite", 100)
    assert (answer.count, answer.read) == (len(ALBUM), 100)
    assert answer.found_by_title is (ref.service is not MusicService.DEEZER)
    assert adapters.world.asked() == asked


@pytest.mark.parametrize("ref", [DEEZER_ARTIST, SPOTIFY_ARTIST])
async def test_top_songs_of_an_artist_are_summarised(adapters: Adapters, ref: SubjectRef) -> None:
    answer = (await service(adapters).summarise(ref, PLACE)).answer
    assert (answer.title, answer.answered) == ("The Band", 100)


async def test_song_that_is_known_by_isrc_alone_is_measured(adapters: Adapters) -> None:
    answer = (await service(adapters).summarise(DEEZER_PLAYLIST, PLACE)).answer
    assert [one.track.title for one in answer.tracks][:2] == ["Old Town Road", "Bohemian Rhapsody"]
    assert answer.answered == 5


@pytest.mark.parametrize(
    "names", [("deezer", "spotify-oembed"), ("deezer", "spotify", "spotify-oembed")]
)
async def test_playlist_that_spotify_does_not_open_is_unreadable_and_albums_are_read_on(
    adapters: Adapters, names: Sequence[str]
) -> None:
    summaries = service(adapters, names)
    with pytest.raises(CollectionUnreadable):
        await summaries.summarise(CLOSED_PLAYLIST, PLACE)
    assert (await summaries.summarise(SPOTIFY_ALBUM, PLACE)).answer.answered == 100


async def test_playlist_that_spotify_opens_is_summarised(adapters: Adapters) -> None:
    adapters.world.spotify.open_playlists = True
    summary = await service(adapters, ["spotify"]).summarise(CLOSED_PLAYLIST, PLACE)
    assert (summary.answer.title, summary.answer.answered) == ("Mixed", 5)


@pytest.mark.parametrize("ref", [DEEZER_ALBUM, SPOTIFY_ALBUM, APPLE_ALBUM, DEEZER_PLAYLIST])
@pytest.mark.parametrize("name", ["deezer", "reccobeats", "spotify-oembed", "itunes"])
@pytest.mark.parametrize("fault", [one for one in Fault if one is not Fault.HELD])
async def test_every_fault_of_every_source_ends_in_a_summary_or_an_error(
    adapters: Adapters, fault: Fault, name: str, ref: SubjectRef
) -> None:
    adapters.world.fail(fault, name)
    outcome = await _outcome(adapters, ref)
    if name == "reccobeats" or (name == "deezer" and ref.service is MusicService.DEEZER):
        assert isinstance(outcome, Unavailable)


async def test_songs_of_a_batch_that_failed_are_counted_as_not_looked_up(
    adapters: Adapters,
) -> None:
    summaries = service(adapters)

    async def fail_after_the_first_batch(sentence: str) -> None:
        if ": 40 of" in sentence:
            adapters.world.fail(Fault.ERROR, "reccobeats")

    answer = (
        await summaries.summarise(DEEZER_ALBUM, PLACE, progress=fail_after_the_first_batch)
    ).answer
    assert (answer.answered, answer.unmeasured, answer.unasked) == (40, 0, 60)


async def _outcome(adapters: Adapters, ref: SubjectRef) -> object:
    try:
        async with asyncio.timeout(10):
            return await service(adapters).summarise(ref, PLACE)
    except SoundslikeError as error:
        return error
