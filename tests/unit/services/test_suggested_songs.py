"""Suggestions from the built-in songs, as they are without a network."""

import pytest

from bot.services.autocomplete import AutocompleteService
from bot.services.search import SearchService
from bot.sources import embedded_songs
from bot.sources.embedded_songs import MIN_TYPED, EmbeddedSongs


@pytest.fixture(scope="module")
def autocomplete() -> AutocompleteService:
    songs = embedded_songs.load()
    typed = EmbeddedSongs(songs, fuzzy=True, min_letters=MIN_TYPED)
    search = SearchService(built_in=EmbeddedSongs(songs), fast=[], typed=[typed])
    return AutocompleteService(search)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("old tow", "Old Town Road"),
        ("lil nas", "Old Town Road"),
        ("lil nsa x", "Old Town Road"),
        ("bohemian", "Bohemian Rhapsody"),
        ("bohemain raps", "Bohemian Rhapsody"),
        ("quee", "Bohemian Rhapsody"),
        ("jolen", "Jolene"),
        ("ol", "Old Town Road"),
        ("boh", "Bohemian Rhapsody"),
    ],
)
async def test_beginnings_artists_and_misspelt_names_are_found(
    autocomplete: AutocompleteService, typed: str, title: str
) -> None:
    first, *_ = await autocomplete.suggest(typed)
    assert first.title.startswith(title)


async def test_few_letters_are_a_suggestion_and_no_search() -> None:
    songs = embedded_songs.load()
    search = SearchService(
        built_in=EmbeddedSongs(songs), fast=[EmbeddedSongs(songs, fuzzy=True)], typed=[]
    )
    assert (await search.find("old")).best is None
