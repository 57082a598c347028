"""The contract of LearnedStore, for databases and the fake."""

from bot.domain.cards import ModelRef
from bot.domain.votes import VoteKind
from tests.contract.all_stores import Stores
from tests.support.store_values import ALICE, BOB, FOLK, JAZZ, OTHER_TRACK, RIGHT, TRACK

SAME = ModelRef("wide", "2")
NEWER = ModelRef("wide", "3")
OTHER = ModelRef("study", "3")


async def genres(stores: Stores, user: str = ALICE, model: ModelRef = NEWER) -> list[str]:
    return [one.genre for one in await stores.learned.corrections(user, model, 9)]


async def test_corrections_are_those_of_answers_by_other_versions_of_the_model(
    stores: Stores,
) -> None:
    card = await stores.add_card()
    await stores.vote(card, JAZZ)
    (found,) = await stores.learned.corrections(ALICE, NEWER, 9)
    assert (found.card, found.genre) == (card, "jazz")
    assert await genres(stores, BOB) == []
    assert await genres(stores, model=SAME) == []
    assert await genres(stores, model=OTHER) == []


async def test_agreement_and_withdrawn_votes_are_no_corrections(stores: Stores) -> None:
    right, other = await stores.add_card(), await stores.add_card(OTHER_TRACK, "rock")
    await stores.vote(right, JAZZ)
    await stores.vote(right, RIGHT)
    await stores.vote(other, FOLK)
    await stores.vote(other, FOLK, added=False)
    assert await genres(stores) == []


async def test_newest_corrections_come_first(stores: Stores) -> None:
    first, second = await stores.add_card(), await stores.add_card(OTHER_TRACK)
    await stores.vote(second, FOLK)
    await stores.vote(first, JAZZ)
    assert await genres(stores) == ["jazz", "folk"]
    assert len(await stores.learned.corrections(ALICE, NEWER, 1)) == 1
    await stores.vote(second, (VoteKind.CHOICE, "blues"))
    assert await genres(stores) == ["blues", "jazz"]


async def test_person_is_informed_of_a_song_once_until_they_are_forgotten(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.vote(card, JAZZ)
    await stores.vote(card, JAZZ, BOB)
    assert await stores.learned.note(ALICE, TRACK.key)
    assert not await stores.learned.note(ALICE, TRACK.key)
    assert await stores.learned.note(BOB, TRACK.key)
    assert await genres(stores) == []
    await stores.votes.forget(ALICE)
    await stores.vote(card, JAZZ)
    assert await genres(stores) == ["jazz"]
    assert await stores.learned.note(ALICE, TRACK.key)
    assert not await stores.learned.note(BOB, TRACK.key)


async def test_nothing_is_stored_of_a_person_without_a_vote(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.vote(card, JAZZ)
    assert len(await stores.learned.corrections(ALICE, NEWER, 9)) == 1
    await stores.votes.forget(ALICE)  # between the look and the notice
    assert not await stores.learned.note(ALICE, TRACK.key)
    await stores.vote(card, JAZZ)
    assert await genres(stores) == ["jazz"], "no notice was stored"
    assert not await stores.learned.note(ALICE, OTHER_TRACK.key)
