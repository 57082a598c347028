"""What MessageStore promises: databases and fakes."""

from dataclasses import replace

import pytest

from bot.domain.errors import StorageFailed
from tests.contract.stores_open import Stores
from tests.contract.stores_values import ALICE, BOB, ELSEWHERE, HERE, OTHER, TRACK

OTHER_PLACES = (
    ELSEWHERE,
    replace(HERE, platform="discord"),
    replace(HERE, workspace="other"),
    replace(HERE, channel="other"),
)


async def test_a_message_shows_its_card_in_its_place_only(stores: Stores) -> None:
    card = await stores.card()
    await stores.show("m1", card)
    assert await stores.messages.find(HERE, "m1") == card
    assert await stores.messages.find(HERE, "m2") is None
    for place in OTHER_PLACES:
        assert await stores.messages.find(place, "m1") is None


async def test_a_message_shows_the_card_that_was_noted_last(stores: Stores) -> None:
    first, second = await stores.card(), await stores.card(OTHER)
    await stores.show("m1", first)
    await stores.show("m1", second)
    assert await stores.messages.find(HERE, "m1") == second
    assert await stores.messages.recent(HERE, 10) == [("m1", second)]


async def test_recent_is_the_latest_of_one_place_oldest_first(stores: Stores) -> None:
    cards = [await stores.card() for _ in range(5)]
    for card in cards:
        await stores.show(f"m{card.id}", card)
    await stores.show("m", cards[0], ELSEWHERE)
    latest = [(f"m{card.id}", card) for card in cards[2:]]
    assert await stores.messages.recent(HERE, 3) == latest
    assert await stores.messages.recent(HERE, 0) == []
    assert len(await stores.messages.recent(HERE, 50)) == 5


async def test_a_message_cannot_show_a_card_that_was_never_given(stores: Stores) -> None:
    card = await stores.card()
    await stores.show("m1", card)
    with pytest.raises(StorageFailed):
        await stores.show("m1", replace(card, id=card.id + 1))
    assert await stores.messages.find(HERE, "m1") == card


async def test_a_sentence_shows_no_card_but_answers_somebody(stores: Stores) -> None:
    card = await stores.card()
    await stores.show("m1", card)
    await stores.show("m2", asker=BOB)
    assert await stores.messages.find(HERE, "m2") is None
    assert await stores.messages.recent(HERE, 1) == [("m1", card)]
    assert await stores.messages.asked(HERE, "m2", BOB)


async def test_a_message_answers_its_asker_and_nobody_else(stores: Stores) -> None:
    await stores.show("m1", await stores.card())
    assert await stores.messages.asked(HERE, "m1", ALICE)
    assert not await stores.messages.asked(HERE, "m1", BOB)
    assert not await stores.messages.asked(HERE, "m2", ALICE)
    for place in OTHER_PLACES:
        assert not await stores.messages.asked(place, "m1", ALICE)


async def test_latest_is_the_last_message_that_shows_the_track(stores: Stores) -> None:
    start = stores.now()
    first, second, other = [await stores.card(track) for track in (TRACK, TRACK, OTHER)]
    for message_id, card in (("m1", first), ("m2", second), ("m3", other), ("m4", None)):
        await stores.show(message_id, card)
    assert await stores.messages.latest(HERE, TRACK.key, start) == ("m2", second)
    assert await stores.messages.latest(HERE, OTHER.key, start) == ("m3", other)
    assert await stores.messages.latest(HERE, "another", start) is None
    for place in OTHER_PLACES:
        assert await stores.messages.latest(place, TRACK.key, start) is None


async def test_latest_looks_back_to_a_moment_which_is_included(stores: Stores) -> None:
    card = await stores.card()
    await stores.show("m1", card)
    shown_at = stores.now.time
    assert await stores.messages.latest(HERE, TRACK.key, shown_at) == ("m1", card)
    assert await stores.messages.latest(HERE, TRACK.key, stores.now()) is None


async def test_when_a_question_is_deleted_all_its_answers_are_forgotten(stores: Stores) -> None:
    card = await stores.card()
    await stores.show("m2", card, source="q1")
    await stores.show("m1", source="q1")
    await stores.show("m3", card, source="q2")
    await stores.show("m4", card, ELSEWHERE, source="q1")
    assert await stores.messages.drop(HERE, "q1") == ["m2", "m1"]
    assert await stores.messages.drop(HERE, "q1") == []
    assert await stores.messages.find(HERE, "m2") is None
    assert not await stores.messages.asked(HERE, "m1", ALICE)
    assert await stores.messages.find(HERE, "m3") == card
    assert await stores.messages.find(ELSEWHERE, "m4") == card


async def test_a_message_of_our_own_that_is_deleted_is_forgotten_alone(stores: Stores) -> None:
    card = await stores.card()
    await stores.show("m1", card, source="q1")
    await stores.show("m2", card, source="q1")
    assert await stores.messages.drop(HERE, "m1") == []
    assert await stores.messages.recent(HERE, 9) == [("m2", card)]
    assert await stores.messages.drop(HERE, "a stranger's") == []
    assert await stores.messages.drop(HERE, "q1") == ["m2"]


async def test_what_a_person_asked_for_is_found_in_every_place_latest_first(stores: Stores) -> None:
    first, second, third = [await stores.card() for _ in range(3)]
    await stores.show("m1", first)
    await stores.show("m2", second, ELSEWHERE)
    await stores.show("m3", third, asker=BOB)
    await stores.show("m4")
    assert await stores.messages.asked_by(ALICE, 9) == [second, first]
    assert await stores.messages.asked_by(ALICE, 1) == [second]
    await stores.votes.forget(ALICE)
    assert await stores.messages.asked_by(ALICE, 9) == []
