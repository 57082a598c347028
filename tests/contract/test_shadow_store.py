"""Contract of ShadowStore, for databases and the fake."""

from dataclasses import replace

import pytest

from bot.domain.cards import Card, ModelRef
from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.domain.shadow_answers import ShadowComparison
from bot.domain.tracks import Track
from bot.domain.votes import VoteKind
from bot.storage.engine import open_database
from bot.storage.predictions import SqlPredictionStore
from bot.storage.shadow_answers import SqlShadowStore
from bot.storage.votes import SqlVoteStore
from tests.contract.all_stores import Stores
from tests.support.store_values import (
    ALICE,
    ANSWER,
    BOB,
    FOLK,
    JAZZ,
    OTHER_TRACK,
    PLACE,
    TRACK,
    TickingClock,
    change_ballot,
)

CANDIDATE = ModelRef("wide", "3")
PUBLIC = Place("web", "public", "chat")
COUNTRY = (VoteKind.CHOICE, "country")
CAROL = "c" * 32


async def shadowed(stores: Stores, genre: str, track: Track = TRACK, place: Place = PLACE) -> Card:
    """Store an answer of country for which the candidate says `genre`."""
    card = await stores.add_card(track, "country", place)
    await stores.shadow_answers.add(card.id, CANDIDATE, {genre: 0.75, "other": 0.25})
    return card


async def compared(stores: Stores) -> ShadowComparison:
    return await stores.shadow_answers.compared(CANDIDATE)


async def test_answers_of_another_genre_are_different(stores: Stores) -> None:
    assert await compared(stores) == ShadowComparison(0, 0, 0, 0)
    for genre in ("country", "jazz", "country"):
        await shadowed(stores, genre)
    assert await compared(stores) == ShadowComparison(3, 1, 0, 0)


async def test_answer_is_stored_once_for_each_version(stores: Stores) -> None:
    card = await shadowed(stores, "jazz")
    await stores.shadow_answers.add(card.id, CANDIDATE, {"country": 1.0})
    await stores.shadow_answers.add(card.id, replace(CANDIDATE, version="4"), {"country": 1.0})
    assert await compared(stores) == ShadowComparison(1, 1, 0, 0)


async def test_answers_of_another_model_are_not_compared(stores: Stores) -> None:
    card = await stores.predictions.add(replace(ANSWER, model=ModelRef("study", "1")), PLACE)
    await stores.shadow_answers.add(card.id, CANDIDATE, {"jazz": 1.0})
    assert await compared(stores) == ShadowComparison(0, 0, 0, 0)


async def test_tracks_count_by_the_majority_of_their_votes(stores: Stores) -> None:
    first, again = await shadowed(stores, "jazz"), await shadowed(stores, "jazz")
    other = await shadowed(stores, "jazz", OTHER_TRACK)
    await stores.vote(first, JAZZ, ALICE)
    await stores.vote(again, JAZZ, BOB)
    await stores.vote(first, COUNTRY, CAROL)
    await stores.vote(other, COUNTRY, ALICE)
    assert await compared(stores) == ShadowComparison(3, 3, 1, 1)


async def test_even_votes_and_those_for_other_genres_do_not_count(stores: Stores) -> None:
    card = await shadowed(stores, "jazz")
    await stores.vote(card, JAZZ, ALICE)
    await stores.vote(card, COUNTRY, BOB)
    await stores.vote(await shadowed(stores, "jazz", OTHER_TRACK), FOLK, ALICE)
    assert await compared(stores) == ShadowComparison(2, 2, 0, 0)


async def test_votes_where_both_agree_and_withdrawn_ones_do_not_count(stores: Stores) -> None:
    await stores.vote(await shadowed(stores, "country", OTHER_TRACK), COUNTRY, ALICE)
    card = await shadowed(stores, "jazz")
    await stores.vote(card, JAZZ, ALICE)
    await stores.vote(card, JAZZ, ALICE, added=False)
    assert await compared(stores) == ShadowComparison(2, 1, 0, 0)


async def test_votes_on_a_page_for_everyone_do_not_count(stores: Stores) -> None:
    await stores.vote(await shadowed(stores, "jazz", place=PUBLIC), JAZZ, ALICE)
    assert await compared(stores) == ShadowComparison(1, 1, 0, 0)


async def test_they_count_if_the_bot_learns_from_them(sqlite_address: str) -> None:
    now = TickingClock()
    async with open_database(sqlite_address) as database:
        card = await SqlPredictionStore(database, now).add(ANSWER, PUBLIC)
        store = SqlShadowStore(database, now, learns_from_public=True)
        await store.add(card.id, CANDIDATE, {"jazz": 1.0})
        await change_ballot(SqlVoteStore(database, now), card.id, ALICE, JAZZ)
        assert await store.compared(CANDIDATE) == ShadowComparison(1, 1, 1, 0)


async def test_answer_of_an_unknown_card_is_an_error(stores: Stores) -> None:
    with pytest.raises(StorageFailed):
        await stores.shadow_answers.add(999, CANDIDATE, {"jazz": 1.0})
