"""What FeedbackStore promises: databases and fakes."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import StorageFailed
from bot.domain.tracks import Track
from bot.domain.votes import Ballot, Selection
from tests.contract.stores_open import Stores, fakes
from tests.contract.stores_values import ALICE, BOB, FOLK, HERE, JAZZ, OTHER, RIGHT, TRACK


async def test_nothing_said_is_an_empty_ballot(stores: Stores) -> None:
    card = await stores.card()
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot()
    assert await stores.feedback.ballot(card.id + 1, ALICE) == Ballot()


async def test_every_vote_stands_and_the_latest_counts(stores: Stores) -> None:
    card = await stores.card()
    for choice in (RIGHT, JAZZ, FOLK):
        await stores.say(card, choice)
    expected = Ballot(frozenset({RIGHT, JAZZ, FOLK}), "folk")
    assert await stores.feedback.ballot(card.id, ALICE) == expected


async def test_taking_the_latest_back_falls_back_to_the_one_before(stores: Stores) -> None:
    card = await stores.card()
    for choice in (RIGHT, JAZZ, FOLK):
        await stores.say(card, choice)
    await stores.say(card, FOLK, added=False)
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot(frozenset({RIGHT, JAZZ}), "jazz")
    await stores.say(card, RIGHT, added=False)
    await stores.say(card, JAZZ, added=False)
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot()


async def test_a_vote_said_again_is_the_newest(stores: Stores) -> None:
    card = await stores.card()
    for choice in (JAZZ, FOLK, JAZZ):
        await stores.say(card, choice)
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot(frozenset({JAZZ, FOLK}), "jazz")
    await stores.say(card, JAZZ, added=False)
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot(frozenset({FOLK}), "folk")


async def test_each_kind_of_vote_is_taken_back_on_its_own(stores: Stores) -> None:
    card = await stores.card()
    reaction, choice = JAZZ, replace(FOLK, genre="jazz")
    await stores.say(card, reaction)
    await stores.say(card, choice)
    await stores.say(card, choice, added=False)
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot(frozenset({reaction}), "jazz")


async def test_taking_back_what_was_never_said_changes_nothing(stores: Stores) -> None:
    card = await stores.card()
    await stores.say(card, JAZZ)
    await stores.say(card, FOLK, added=False)
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot(frozenset({JAZZ}), "jazz")
    await stores.say(card, FOLK)
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot(frozenset({JAZZ, FOLK}), "folk")


async def test_one_vote_counts_across_the_cards_of_a_track(stores: Stores) -> None:
    first, second, other = [await stores.card(track) for track in (TRACK, TRACK, OTHER)]
    await stores.say(first, JAZZ)
    await stores.say(second, FOLK)
    assert await stores.feedback.ballot(first.id, ALICE) == Ballot(frozenset({JAZZ}), "folk")
    assert await stores.feedback.ballot(other.id, ALICE) == Ballot()
    await stores.say(second, FOLK, added=False)
    assert await stores.feedback.ballot(second.id, ALICE) == Ballot(frozenset(), "jazz")


async def test_people_do_not_touch_each_others_votes(stores: Stores) -> None:
    card = await stores.card()
    await stores.say(card, JAZZ)
    await stores.say(card, FOLK, BOB)
    await stores.say(card, JAZZ, BOB, added=False)
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot(frozenset({JAZZ}), "jazz")
    assert await stores.feedback.ballot(card.id, BOB) == Ballot(frozenset({FOLK}), "folk")


async def test_a_tally_counts_the_votes_on_a_card_that_count_for_their_givers(
    stores: Stores,
) -> None:
    first, second = await stores.card(), await stores.card()
    for user in ("c", "d", "e"):
        await stores.say(first, JAZZ, user)
    for card, choice, user in ((first, FOLK, ALICE), (first, RIGHT, ALICE), (first, FOLK, BOB)):
        await stores.say(card, choice, user)
    await stores.say(second, FOLK, "e")
    tally = await stores.feedback.tally(first.id)
    assert list(tally.items()) == [("jazz", 2), ("country", 1), ("folk", 1)]
    assert await stores.feedback.tally(second.id) == {"folk": 1}
    assert await stores.feedback.tally(second.id + 1) == {}


async def test_a_vote_on_a_card_that_was_never_given_fails(stores: Stores) -> None:
    card = await stores.card()
    with pytest.raises(StorageFailed):
        await stores.feedback.record(card.id + 1, ALICE, JAZZ, added=True)


async def test_forget_deletes_the_votes_of_one_person_and_counts_those_that_stood(
    stores: Stores,
) -> None:
    card, other = await stores.card(), await stores.card(OTHER)
    await stores.show("m1", card)
    for choice, on in ((JAZZ, card), (FOLK, card), (JAZZ, other), (RIGHT, other)):
        await stores.say(on, choice)
    await stores.say(other, RIGHT, added=False)
    await stores.say(card, RIGHT, BOB)
    assert await stores.feedback.forget(ALICE) == 3
    assert await stores.feedback.forget(ALICE) == 0
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot()
    assert await stores.feedback.ballot(card.id, BOB) == Ballot(frozenset({RIGHT}), "country")
    assert await stores.messages.find(HERE, "m1") == card
    assert not await stores.messages.asked(HERE, "m1", ALICE)


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([ALICE, BOB]),
        st.sampled_from([RIGHT, JAZZ, FOLK]),
        st.booleans(),
    ),
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    # The examples share a database: each adds cards of its own and looks at no others.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(events=EVENTS)
async def test_any_course_of_votes_ends_as_in_the_model(
    stores: Stores, events: list[tuple[int, str, Selection, bool]]
) -> None:
    model = fakes()
    example = uuid4().hex
    tracks = [Track(example + name) for name in ("same", "same", "other")]
    pairs = [(await stores.card(track), await model.card(track)) for track in tracks]
    for index, user, choice, added in events:
        for where, card in zip((stores, model), pairs[index], strict=True):
            await where.say(card, choice, user, added=added)
    for card, twin in pairs:
        assert await stores.feedback.tally(card.id) == await model.feedback.tally(twin.id)
        for user in (ALICE, BOB):
            ballot = await stores.feedback.ballot(card.id, user)
            assert ballot == await model.feedback.ballot(twin.id, user)


async def test_a_vote_delivered_twice_is_recorded_once(stores: Stores) -> None:
    card = await stores.card()
    for choice, event in ((JAZZ, "e1"), (FOLK, "e2"), (JAZZ, "e1")):
        await stores.feedback.record(card.id, ALICE, choice, added=True, event_id=event)
    assert (await stores.feedback.ballot(card.id, ALICE)).counted == FOLK.genre


async def test_a_delivery_whose_vote_failed_may_come_again(stores: Stores) -> None:
    card = await stores.card()
    with pytest.raises(StorageFailed):
        await stores.feedback.record(card.id + 1, ALICE, JAZZ, added=True, event_id="e1")
    await stores.feedback.record(card.id, ALICE, JAZZ, added=True, event_id="e1")
    assert (await stores.feedback.ballot(card.id, ALICE)).counted == JAZZ.genre
