"""Summaries of albums, playlists and artists: where they are found, and what is stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.cards import Theme
from bot.domain.collections import Collection
from bot.domain.errors import (
    CollectionNotFound,
    CollectionUnreadable,
    FeaturesUnknown,
    Forbidden,
    ModelUnusable,
    SoundslikeError,
    Unavailable,
)
from bot.domain.music_services import MusicService
from bot.domain.source_ports import CollectionLookup
from bot.domain.tracks import SubjectKind, SubjectRef
from tests.support.collection_service import AWAY, known, service
from tests.support.fake_collections import (
    ALBUM,
    ARTIST,
    PLAYLIST,
    SPOTIFY_ALBUM,
    SPOTIFY_ARTIST,
    SPOTIFY_PLAYLIST,
    FakeCollections,
    FakeCollectionSearch,
    collection,
    songs,
)
from tests.support.fakes import FakeRenderer
from tests.support.store_values import PLACE


def titles_only(ref: SubjectRef, title: str = "7 EP") -> Collection:
    """Return what a page tells of a collection whose tracks cannot be read."""
    return collection((), ref=ref, title=title, artists=(), url="https://page.example", count=0)


async def test_summary_is_stored_and_found_again() -> None:
    summaries = service(known())
    summary = await summaries.summarise(ALBUM, PLACE)
    answer = summary.answer
    assert (answer.ref, answer.title, answer.count, answer.answered) == (ALBUM, "7 EP", 8, 8)
    assert (answer.unmeasured, answer.unasked) == (0, 0)
    assert answer.best == "country"
    assert answer.model.name == "fake"
    assert await summaries.get(summary.id) == summary
    assert await summaries.get(summary.id + 1) is None


async def test_first_lookup_with_tracks_answers() -> None:
    first, second, third = FakeCollections(), known(), known(2)
    summary = await service(first, second, third).summarise(ALBUM, PLACE)
    assert summary.answer.count == 8
    assert not third.asked


async def test_lookup_that_is_away_is_skipped() -> None:
    away = FakeCollections(error=AWAY)
    assert (await service(away, known()).summarise(ALBUM, PLACE)).answer.answered == 8


@pytest.mark.parametrize(
    ("lookups", "ref", "error"),
    [
        pytest.param([FakeCollections()], ALBUM, CollectionNotFound, id="unknown"),
        pytest.param([], PLAYLIST, CollectionNotFound, id="without a source"),
        pytest.param([FakeCollections(error=AWAY)], ALBUM, Unavailable, id="source away"),
        pytest.param(
            [FakeCollections(error=Forbidden("spotify", "403"))],
            SPOTIFY_PLAYLIST,
            CollectionUnreadable,
            id="refused",
        ),
        pytest.param([FakeCollections()], SPOTIFY_PLAYLIST, CollectionUnreadable, id="closed"),
        pytest.param(
            [FakeCollections()],
            SubjectRef(SubjectKind.ALBUM, "1", MusicService.TIDAL),
            CollectionUnreadable,
            id="service without collections",
        ),
        pytest.param([known(0)], ALBUM, FeaturesUnknown, id="empty"),
    ],
)  # fmt: skip
async def test_missing_and_unreadable_collections_differ(
    lookups: Sequence[CollectionLookup], ref: SubjectRef, error: type[SoundslikeError]
) -> None:
    with pytest.raises(error) as caught:
        await service(*lookups).summarise(ref, PLACE)
    assert type(caught.value) is error


async def test_refused_playlist_is_read_elsewhere_if_possible() -> None:
    refused = FakeCollections(error=Forbidden("spotify", "403"))
    readable = FakeCollections(collection(ref=SPOTIFY_PLAYLIST))
    summary = await service(refused, readable).summarise(SPOTIFY_PLAYLIST, PLACE)
    assert summary.answer.answered == 8


@pytest.mark.parametrize("ref", [SPOTIFY_ALBUM, SPOTIFY_ARTIST])
async def test_album_and_artist_of_a_closed_service_are_found_by_title(ref: SubjectRef) -> None:
    deezer = collection(ref=ALBUM if ref is SPOTIFY_ALBUM else ARTIST)
    search = FakeCollectionSearch(albums=[deezer], artists=[deezer])
    page = FakeCollections(titles_only(ref))
    answer = (await service(page, search=search).summarise(ref, PLACE)).answer
    assert (answer.ref, answer.url, answer.answered) == (ref, "https://page.example", 8)
    assert answer.found_by_title


async def test_playlist_is_not_found_by_title_as_many_have_the_same() -> None:
    search = FakeCollectionSearch(albums=[collection(title="Chill")])
    page = FakeCollections(titles_only(SPOTIFY_PLAYLIST, "Chill"))
    with pytest.raises(CollectionUnreadable) as caught:
        await service(page, search=search).summarise(SPOTIFY_PLAYLIST, PLACE)
    assert caught.value.title == "Chill"


async def test_album_whose_title_does_not_tell_it_apart_is_unreadable() -> None:
    page = FakeCollections(titles_only(SPOTIFY_ALBUM, "Greatest Hits"))
    with pytest.raises(CollectionUnreadable) as caught:
        await service(page, search=FakeCollectionSearch()).summarise(SPOTIFY_ALBUM, PLACE)
    assert caught.value.title == "Greatest Hits"


async def test_album_with_names_only_is_found_by_title_and_artist() -> None:
    """Apple Music tells no ids by which features are known."""
    ref = SubjectRef(SubjectKind.ALBUM, "us/1", MusicService.APPLE_MUSIC)
    nameless = [replace(one, spotify_id=None) for one in songs(2)]
    apple = FakeCollections(collection(nameless, ref=ref, artists=("Somebody Else",)))
    search = FakeCollectionSearch(albums=[collection()])
    with pytest.raises(CollectionUnreadable):
        await service(apple, search=search).summarise(ref, PLACE)
    apple = FakeCollections(collection(nameless, ref=ref))
    assert (await service(apple, search=search).summarise(ref, PLACE)).answer.answered == 8


async def test_models_are_summarised_apart_and_unknown_ones_are_an_error() -> None:
    summaries = service(known())
    default, other = await asyncio.gather(
        summaries.summarise(ALBUM, PLACE), summaries.summarise(ALBUM, PLACE, "other")
    )
    assert [default.answer.model.name, other.answer.model.name] == ["fake", "other"]
    with pytest.raises(ModelUnusable):
        await summaries.summarise(ALBUM, PLACE, "none")


async def test_chart_that_cannot_be_drawn_is_none() -> None:
    summaries = service(known())
    summary = await summaries.summarise(ALBUM, PLACE)
    assert await summaries.chart(summary, Theme.DARK) == b"7 EP dark"
    broken = service(known(), renderer=FakeRenderer(broken=True))
    assert await broken.chart(summary, Theme.DARK) is None
