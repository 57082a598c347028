"""Contract of MessageStore, for databases and the fake."""

from dataclasses import replace

import pytest

from bot.domain.errors import StorageFailed
from tests.contract.all_stores import Stores
from tests.support.store_values import ALICE, BOB, OTHER_PLACE, OTHER_TRACK, PLACE, TRACK

OTHER_PLACES = (
    OTHER_PLACE,
    replace(PLACE, platform="discord"),
    replace(PLACE, workspace="other"),
    replace(PLACE, channel="other"),
)


async def test_message_displays_its_card_in_its_place_only(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.add_message("m1", card)
    assert await stores.messages.find(PLACE, "m1") == card
    assert await stores.messages.find(PLACE, "m2") is None
    for place in OTHER_PLACES:
        assert await stores.messages.find(place, "m1") is None


async def test_message_displays_the_card_that_was_stored_last(stores: Stores) -> None:
    first, second = await stores.add_card(), await stores.add_card(OTHER_TRACK)
    await stores.add_message("m1", first)
    await stores.add_message("m1", second)
    assert await stores.messages.find(PLACE, "m1") == second
    assert await stores.messages.recent(PLACE, 10) == [("m1", second)]


async def test_message_that_is_stored_again_keeps_its_place(stores: Stores) -> None:
    first, second = await stores.add_card(), await stores.add_card(OTHER_TRACK)
    await stores.add_message("m1", first)
    await stores.add_message("m2", first)
    await stores.add_message("m1", second)
    assert await stores.messages.recent(PLACE, 10) == [("m1", second), ("m2", first)]


async def test_recent_returns_the_latest_messages_of_a_place_oldest_first(stores: Stores) -> None:
    cards = [await stores.add_card() for _ in range(5)]
    for card in cards:
        await stores.add_message(f"m{card.id}", card)
    await stores.add_message("m", cards[0], OTHER_PLACE)
    latest = [(f"m{card.id}", card) for card in cards[2:]]
    assert await stores.messages.recent(PLACE, 3) == latest
    assert await stores.messages.recent(PLACE, 0) == []
    assert len(await stores.messages.recent(PLACE, 50)) == 5


async def test_recent_returns_messages_without_a_card_and_with_the_same_card(
    stores: Stores,
) -> None:
    card = await stores.add_card()
    await stores.add_message("m1", card)
    await stores.add_message("m2")
    await stores.add_message("m3", card)
    await stores.add_message("elsewhere", None, OTHER_PLACE)
    recent = stores.messages.recent
    assert await recent(PLACE, 2) == [("m2", None), ("m3", card)]
    assert await recent(PLACE, 50) == [("m1", card), ("m2", None), ("m3", card)]


async def test_messages_of_one_person_are_found_among_those_of_others(stores: Stores) -> None:
    cards = [await stores.add_card() for _ in range(4)]
    for number, card in enumerate(cards):
        await stores.add_message(f"a{number}", card)
        await stores.add_message(f"b{number}", cards[0] if number else None, asker=BOB)
    await stores.add_message("a4")
    await stores.add_message("elsewhere", cards[0], OTHER_PLACE)
    recent = stores.messages.recent
    assert await recent(PLACE, 3, ALICE) == [("a2", cards[2]), ("a3", cards[3]), ("a4", None)]
    assert [message for message, _ in await recent(PLACE, 9, BOB)] == ["b0", "b1", "b2", "b3"]
    assert not await recent(PLACE, 9, "c" * 32)
    assert not await recent(PLACE, 0, ALICE)


async def test_card_is_displayed_to_its_asker_in_its_place_only(stores: Stores) -> None:
    first, second = await stores.add_card(), await stores.add_card()
    await stores.add_message("m1", first)
    await stores.add_message("m2", second, asker=BOB)
    displayed = stores.messages.displayed_to
    assert await displayed(PLACE, ALICE, first.id)
    assert await displayed(PLACE, BOB, second.id)
    for asker, card_id in (
        (BOB, first.id),
        (ALICE, second.id),
        (ALICE, second.id + 1),
        (ALICE, 2**31),
        (ALICE, 2**63 - 1),
    ):
        assert not await displayed(PLACE, asker, card_id)
    for place in OTHER_PLACES:
        assert not await displayed(place, ALICE, first.id)


async def test_message_is_found_by_the_ending_of_its_id_for_its_asker_only(stores: Stores) -> None:
    await stores.add_message("m1/0/summary/1")
    await stores.add_message("m2/0/summary/12", asker=BOB)
    sent = stores.messages.sent_to
    assert await sent(PLACE, ALICE, "/summary/1")
    assert await sent(PLACE, BOB, "/summary/12")
    for asker, ending in (
        (BOB, "/summary/1"),
        (ALICE, "/summary/12"),
        (ALICE, "/summary/2"),
        (ALICE, "/%/1"),
        (ALICE, "/summary/_"),
    ):
        assert not await sent(PLACE, asker, ending)
    for place in OTHER_PLACES:
        assert not await sent(place, ALICE, "/summary/1")


async def test_answers_to_one_of_several_people_with_a_message_of_the_same_id(
    stores: Stores,
) -> None:
    card = await stores.add_card()
    await stores.add_message("m1", card, source="q1")
    await stores.add_message("m2", source="q1", asker=BOB)
    assert await stores.messages.answers(PLACE, "q1", ALICE) == [("m1", card.id)]
    assert await stores.messages.answers(PLACE, "q1", BOB) == [("m2", None)]
    assert await stores.messages.answers(PLACE, "q1") == [("m1", card.id), ("m2", None)]
    assert await stores.messages.answers(OTHER_PLACE, "q1", ALICE) == []


async def test_nothing_is_found_for_a_person_who_was_forgotten(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.add_message("m1/0", card, source="q1")
    await stores.add_message("m1/1/summary/1", source="q1")
    await stores.votes.forget(ALICE)
    assert await stores.messages.recent(PLACE, 9, ALICE) == []
    assert await stores.messages.answers(PLACE, "q1", ALICE) == []
    assert not await stores.messages.displayed_to(PLACE, ALICE, card.id)
    assert not await stores.messages.sent_to(PLACE, ALICE, "/summary/1")


async def test_unknown_card_is_rejected_and_the_stored_message_unchanged(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.add_message("m1", card)
    with pytest.raises(StorageFailed):
        await stores.add_message("m1", replace(card, id=card.id + 1))
    assert await stores.messages.find(PLACE, "m1") == card


async def test_message_without_a_card_has_an_asker(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.add_message("m1", card)
    await stores.add_message("m2", asker=BOB)
    assert await stores.messages.find(PLACE, "m2") is None
    assert await stores.messages.recent(PLACE, 2) == [("m1", card), ("m2", None)]
    assert await stores.messages.asked(PLACE, "m2", BOB)


async def test_message_answers_its_asker_only(stores: Stores) -> None:
    await stores.add_message("m1", await stores.add_card())
    assert await stores.messages.asked(PLACE, "m1", ALICE)
    assert not await stores.messages.asked(PLACE, "m1", BOB)
    assert not await stores.messages.asked(PLACE, "m2", ALICE)
    for place in OTHER_PLACES:
        assert not await stores.messages.asked(place, "m1", ALICE)


async def test_latest_returns_the_newest_message_with_the_track(stores: Stores) -> None:
    start = stores.now()
    first, second, other = [await stores.add_card(track) for track in (TRACK, TRACK, OTHER_TRACK)]
    for message_id, card in (("m1", first), ("m2", second), ("m3", other), ("m4", None)):
        await stores.add_message(message_id, card)
    assert await stores.messages.latest(PLACE, TRACK.key, start) == ("m2", second)
    assert await stores.messages.latest(PLACE, OTHER_TRACK.key, start) == ("m3", other)
    assert await stores.messages.latest(PLACE, "another", start) is None
    for place in OTHER_PLACES:
        assert await stores.messages.latest(place, TRACK.key, start) is None


async def test_latest_includes_a_message_sent_exactly_at_the_start(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.add_message("m1", card)
    sent_at = stores.now.time
    assert await stores.messages.latest(PLACE, TRACK.key, sent_at) == ("m1", card)
    assert await stores.messages.latest(PLACE, TRACK.key, stores.now()) is None


async def test_drop_of_a_question_deletes_and_returns_its_answers(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.add_message("m2", card, source="q1")
    await stores.add_message("m1", source="q1")
    await stores.add_message("m3", card, source="q2")
    await stores.add_message("m4", card, OTHER_PLACE, source="q1")
    assert await stores.messages.drop(PLACE, "q1") == ["m2", "m1"]
    assert await stores.messages.drop(PLACE, "q1") == []
    assert await stores.messages.find(PLACE, "m2") is None
    assert not await stores.messages.asked(PLACE, "m1", ALICE)
    assert await stores.messages.find(PLACE, "m3") == card
    assert await stores.messages.find(OTHER_PLACE, "m4") == card


async def test_drop_of_an_answer_deletes_that_answer_only(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.add_message("m1", card, source="q1")
    await stores.add_message("m2", card, source="q1")
    assert await stores.messages.drop(PLACE, "m1") == []
    assert await stores.messages.recent(PLACE, 9) == [("m2", card)]
    assert await stores.messages.drop(PLACE, "unknown") == []
    assert await stores.messages.drop(PLACE, "q1") == ["m2"]


async def test_asked_by_returns_cards_of_all_places_newest_first(stores: Stores) -> None:
    first, second, third = [await stores.add_card() for _ in range(3)]
    await stores.add_message("m1", first)
    await stores.add_message("m2", second, OTHER_PLACE)
    await stores.add_message("m3", third, asker=BOB)
    await stores.add_message("m4")
    assert await stores.messages.asked_by(ALICE, 9) == [second, first]
    assert await stores.messages.asked_by(ALICE, 1) == [second]
    await stores.votes.forget(ALICE)
    assert await stores.messages.asked_by(ALICE, 9) == []


async def test_message_behind_a_spoiler_is_known_as_such(stores: Stores) -> None:
    card = await stores.add_card()
    for message_id, hidden in (("open", False), ("hidden", True)):
        await stores.messages.remember(
            PLACE, message_id, card.id, asker=ALICE, source="q", hidden=hidden
        )
        assert await stores.messages.is_hidden(PLACE, message_id) is hidden
    assert not await stores.messages.is_hidden(PLACE, "unknown")
    assert not await stores.messages.is_hidden(OTHER_PLACE, "hidden")
