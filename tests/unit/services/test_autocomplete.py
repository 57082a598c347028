"""Suggestions while a person types."""

import pytest

from bot.domain.collections import Artist
from bot.services.autocomplete import AutocompleteService
from bot.services.search import SearchService
from tests.support.factories import HEROES, track
from tests.support.fake_app import LINK, FakeApp
from tests.support.fake_collections import ARTIST
from tests.support.fakes import FakeLookup
from tests.support.group_chats import HEROES_LINK


@pytest.mark.parametrize("typed", ["", " ", "h", "  h  ", LINK, f"see {HEROES_LINK}"])
async def test_short_text_and_links_give_no_suggestions(app: FakeApp, typed: str) -> None:
    assert await app.services.autocomplete.suggest(typed) == []
    assert app.lookup.asked == 0


async def test_suggestions_are_cached_regardless_of_case_and_spaces(app: FakeApp) -> None:
    first = await app.services.autocomplete.suggest("Heroes")
    assert [track.spotify_id for track in first] == [HEROES]
    assert await app.services.autocomplete.suggest("  hEROES ") == first
    assert app.lookup.asked == 1


async def test_a_failure_gives_no_suggestions_and_is_not_cached(app: FakeApp) -> None:
    app.lookup.away = True
    assert await app.services.autocomplete.suggest("Heroes") == []
    app.lookup.away = False
    assert len(await app.services.autocomplete.suggest("Heroes")) == 1


async def test_suggestions_without_a_source_that_failed_are_not_cached() -> None:
    known, away = FakeLookup(track()), FakeLookup(track(HEROES, title="Old Heroes"), away=True)
    away.name = "away"
    autocomplete = AutocompleteService(SearchService(built_in=FakeLookup(), fast=[known, away]))
    assert len(await autocomplete.suggest("old")) == 1
    away.away = False
    assert len(await autocomplete.suggest("old")) == 2
    assert len(await autocomplete.suggest("OLD")) == 2
    assert away.asked == 2


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("dav", ["David Bowie"]), ("da", []), ("bowie", []), ("heroes", [])],
    ids=["beginning", "too short", "later word", "title"],
)
async def test_an_artist_is_asked_for_if_the_text_begins_the_name(
    app: FakeApp, typed: str, asked: list[str]
) -> None:
    await app.services.autocomplete.suggest_with_artist(typed)
    assert app.artists.asked == asked


async def test_an_artist_is_asked_for_once_while_the_name_is_typed(app: FakeApp) -> None:
    app.artists.known = {"David Bowie": Artist("David Bowie", ARTIST)}
    for typed in ("dav", "davi", "David B"):
        found = await app.services.autocomplete.suggest_with_artist(typed)
        assert found.artist == Artist("David Bowie", ARTIST)
    assert app.artists.asked == ["David Bowie"]


async def test_songs_are_suggested_without_an_artist_that_cannot_be_asked_for(
    app: FakeApp,
) -> None:
    app.artists.away = True
    found = await app.services.autocomplete.suggest_with_artist("david")
    assert len(found.tracks) == 1
    assert (found.artist, found.is_complete) == (None, False)
