"""Suggestions while a person types."""

import pytest

from tests.support.factories import HEROES
from tests.support.fake_app import LINK, FakeApp
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
