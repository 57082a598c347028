"""The contract of VoteStore, for databases and the fake."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.cards import Card
from bot.domain.errors import StorageFailed
from bot.domain.tracks import Track
from bot.domain.votes import Ballot, Selection, VoteKind, changes_for
from tests.contract.stores_open import Stores, fakes
from tests.contract.stores_values import (
    ALICE,
    BOB,
    FOLK,
    HERE,
    JAZZ,
    OTHER,
    RIGHT,
    TRACK,
    Choice,
    record,
)


def standing(card: Card, *choices: Choice) -> Ballot:
    """Return the ballot with these choices, oldest first, all on one card."""
    return Ballot(tuple(Selection(card.id, *choice) for choice in choices))


async def test_a_ballot_without_votes_is_empty(stores: Stores) -> None:
    card = await stores.card()
    assert await stores.votes.ballot(card.id, ALICE) == Ballot()
    assert await stores.votes.ballot(card.id + 1, ALICE) == Ballot()


async def test_selections_stand_in_the_order_in_which_they_were_added(stores: Stores) -> None:
    card = await stores.card()
    for choice in (RIGHT, JAZZ, FOLK):
        await stores.say(card, choice)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, RIGHT, JAZZ, FOLK)
    await stores.say(card, FOLK, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, RIGHT, JAZZ)
    await stores.say(card, RIGHT, added=False)
    await stores.say(card, JAZZ, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == Ballot()


async def test_a_selection_that_is_added_again_is_the_newest(stores: Stores) -> None:
    card = await stores.card()
    for choice in (JAZZ, FOLK, JAZZ):
        await stores.say(card, choice)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, FOLK, JAZZ)
    await stores.say(card, JAZZ, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, FOLK)


async def test_selections_of_different_kinds_are_distinct(stores: Stores) -> None:
    card = await stores.card()
    choice = (VoteKind.CHOICE, "jazz")
    await stores.say(card, JAZZ)
    await stores.say(card, choice)
    await stores.say(card, choice, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, JAZZ)


async def test_withdrawing_what_does_not_stand_changes_nothing(stores: Stores) -> None:
    card = await stores.card()
    await stores.say(card, JAZZ)
    await stores.say(card, FOLK, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, JAZZ)
    await stores.say(card, FOLK)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, JAZZ, FOLK)


async def test_a_ballot_contains_the_selections_on_all_cards_of_a_track(stores: Stores) -> None:
    first, second, other = [await stores.card(track) for track in (TRACK, TRACK, OTHER)]
    await stores.say(first, JAZZ)
    await stores.say(second, FOLK)
    both = Ballot((Selection(first.id, *JAZZ), Selection(second.id, *FOLK)))
    assert await stores.votes.ballot(first.id, ALICE) == both
    assert await stores.votes.ballot(second.id, ALICE) == both
    assert await stores.votes.ballot(other.id, ALICE) == Ballot()


async def test_a_change_sees_the_ballot_and_returns_the_new_one(stores: Stores) -> None:
    first, second = await stores.card(), await stores.card()
    await stores.say(first, JAZZ)
    choice = Selection(second.id, *FOLK)
    changed = await stores.votes.change(
        second.id, ALICE, lambda ballot: changes_for(ballot, choice, added=True)
    )
    assert changed == Ballot((choice,))
    assert await stores.votes.ballot(first.id, ALICE) == changed
    assert await stores.votes.change(first.id, ALICE, lambda _: []) == changed


async def test_people_do_not_affect_each_others_ballots(stores: Stores) -> None:
    card = await stores.card()
    await stores.say(card, JAZZ)
    await stores.say(card, FOLK, BOB)
    await stores.say(card, JAZZ, BOB, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, JAZZ)
    assert await stores.votes.ballot(card.id, BOB) == standing(card, FOLK)


async def test_a_tally_counts_the_votes_given_on_a_card_that_count(stores: Stores) -> None:
    first, second = await stores.card(), await stores.card()
    for user in ("c", "d", "e"):
        await stores.say(first, JAZZ, user)
    for card, choice, user in ((first, FOLK, ALICE), (first, RIGHT, ALICE), (first, FOLK, BOB)):
        await stores.say(card, choice, user)
    await stores.say(second, FOLK, "e")
    tally = await stores.votes.tally(first.id)
    assert list(tally.items()) == [("jazz", 2), ("country", 1), ("folk", 1)]
    assert await stores.votes.tally(second.id) == {"folk": 1}
    assert await stores.votes.tally(second.id + 1) == {}


async def test_a_vote_on_an_unknown_card_fails(stores: Stores) -> None:
    card = await stores.card()
    with pytest.raises(StorageFailed):
        await record(stores.votes, card.id + 1, ALICE, JAZZ)


async def test_forget_deletes_one_persons_votes_and_counts_those_that_stood(
    stores: Stores,
) -> None:
    card, other = await stores.card(), await stores.card(OTHER)
    await stores.show("m1", card)
    for choice, on in ((JAZZ, card), (FOLK, card), (JAZZ, other), (RIGHT, other)):
        await stores.say(on, choice)
    await stores.say(other, RIGHT, added=False)
    await stores.say(card, RIGHT, BOB)
    assert await stores.votes.forget(ALICE) == 3
    assert await stores.votes.forget(ALICE) == 0
    assert await stores.votes.ballot(card.id, ALICE) == Ballot()
    assert await stores.votes.ballot(card.id, BOB) == standing(card, RIGHT)
    assert await stores.messages.find(HERE, "m1") == card
    assert not await stores.messages.asked(HERE, "m1", ALICE)


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([ALICE, BOB]),
        st.sampled_from([RIGHT, JAZZ, FOLK]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=25,
)
"""Card, user, choice, whether it is added, whether the rules of the domain apply.

Databases from before those rules contain ballots that they do not allow.
"""


@settings(
    max_examples=25,
    deadline=None,
    # The examples share a database: each adds its own cards and reads no others.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(events=EVENTS)
async def test_any_sequence_of_votes_gives_the_same_result_as_the_fake(
    stores: Stores, events: list[tuple[int, str, Choice, bool, bool]]
) -> None:
    model = fakes()
    example = uuid4().hex
    tracks = [Track(example + name) for name in ("same", "same", "other")]
    pairs = [(await stores.card(track), await model.card(track)) for track in tracks]
    for index, user, choice, added, by_rules in events:
        for where, card in zip((stores, model), pairs[index], strict=True):
            if by_rules:
                selection = Selection(card.id, *choice)
                await where.votes.change(
                    card.id,
                    user,
                    lambda ballot, s=selection, a=added: changes_for(ballot, s, added=a),  # type: ignore[misc]  # bound now
                )
            else:
                await where.say(card, choice, user, added=added)
    twins = {card.id: twin.id for card, twin in pairs}
    for card, twin in pairs:
        tally = await stores.votes.tally(card.id)
        assert tally == await model.votes.tally(twin.id)
        ballots = [await stores.votes.ballot(card.id, user) for user in (ALICE, BOB)]
        for ballot, user in zip(ballots, (ALICE, BOB), strict=True):
            expected = await model.votes.ballot(twin.id, user)
            renamed = [Selection(twins[s.card_id], s.kind, s.genre) for s in ballot.selections]
            assert Ballot(tuple(renamed)) == expected
        # The view in SQL and the domain agree on the vote that counts.
        counted = [b.selections[-1] for b in ballots if b.selections]
        assert sum(tally.values()) == sum(s.card_id == card.id for s in counted)


async def test_a_repeated_delivery_is_recorded_once(stores: Stores) -> None:
    card = await stores.card()
    for choice, event in ((JAZZ, "e1"), (FOLK, "e2"), (JAZZ, "e1")):
        await record(stores.votes, card.id, ALICE, choice, event_id=event)
    assert (await stores.votes.ballot(card.id, ALICE)).counted == "folk"


async def test_a_delivery_whose_vote_failed_can_be_repeated(stores: Stores) -> None:
    card = await stores.card()
    with pytest.raises(StorageFailed):
        await record(stores.votes, card.id + 1, ALICE, JAZZ, event_id="e1")
    await record(stores.votes, card.id, ALICE, JAZZ, event_id="e1")
    assert (await stores.votes.ballot(card.id, ALICE)).counted == "jazz"
