"""The contract of VoteStore, for databases and the fake."""

import asyncio
from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.cards import Card
from bot.domain.errors import StorageFailed
from bot.domain.jobs import JobKind
from bot.domain.marks import Mark, marks_of
from bot.domain.tracks import Track
from bot.domain.votes import Ballot, Forgotten, Selection, VoteKind, changes_for, withdraw_all
from tests.contract.all_stores import Stores, fake_stores
from tests.support.factories import sound_answer
from tests.support.store_values import (
    ALICE,
    BOB,
    FOLK,
    JAZZ,
    OTHER_PLACE,
    OTHER_TRACK,
    PLACE,
    RIGHT,
    TRACK,
    KindAndGenre,
    change_ballot,
)


def standing(card: Card, *choices: KindAndGenre) -> Ballot:
    """Return the ballot with the selections `choices` on one card, oldest first."""
    return Ballot(tuple(Selection(card.id, *choice) for choice in choices))


async def test_ballot_without_votes_is_empty(stores: Stores) -> None:
    card = await stores.add_card()
    assert await stores.votes.ballot(card.id, ALICE) == Ballot()
    assert await stores.votes.ballot(card.id + 1, ALICE) == Ballot()


async def test_ballot_orders_selections_by_time_of_addition(stores: Stores) -> None:
    card = await stores.add_card()
    for choice in (RIGHT, JAZZ, FOLK):
        await stores.vote(card, choice)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, RIGHT, JAZZ, FOLK)
    await stores.vote(card, FOLK, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, RIGHT, JAZZ)
    await stores.vote(card, RIGHT, added=False)
    await stores.vote(card, JAZZ, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == Ballot()


async def test_selection_that_is_added_again_becomes_the_newest(stores: Stores) -> None:
    card = await stores.add_card()
    for choice in (JAZZ, FOLK, JAZZ):
        await stores.vote(card, choice)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, FOLK, JAZZ)
    await stores.vote(card, JAZZ, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, FOLK)


async def test_selections_of_different_kinds_are_distinct(stores: Stores) -> None:
    card = await stores.add_card()
    choice = (VoteKind.CHOICE, "jazz")
    await stores.vote(card, JAZZ)
    await stores.vote(card, choice)
    await stores.vote(card, choice, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, JAZZ)


async def test_withdrawing_an_absent_selection_changes_nothing(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.vote(card, JAZZ)
    await stores.vote(card, FOLK, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, JAZZ)
    await stores.vote(card, FOLK)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, JAZZ, FOLK)


async def test_ballot_contains_the_selections_on_all_cards_of_a_track(stores: Stores) -> None:
    first, second, other = [await stores.add_card(track) for track in (TRACK, TRACK, OTHER_TRACK)]
    await stores.vote(first, JAZZ)
    await stores.vote(second, FOLK)
    both = Ballot((Selection(first.id, *JAZZ), Selection(second.id, *FOLK)))
    assert await stores.votes.ballot(first.id, ALICE) == both
    assert await stores.votes.ballot(second.id, ALICE) == both
    assert await stores.votes.ballot(other.id, ALICE) == Ballot()


async def test_change_passes_the_ballot_to_decide_and_returns_the_new_one(stores: Stores) -> None:
    first, second = await stores.add_card(), await stores.add_card()
    await stores.vote(first, JAZZ)
    choice = Selection(second.id, *FOLK)
    changed = await stores.votes.change(
        second.id, ALICE, partial(changes_for, selection=choice, added=True)
    )
    assert changed == Ballot((choice,))
    assert await stores.votes.ballot(first.id, ALICE) == changed
    assert await stores.votes.change(first.id, ALICE, lambda _: []) == changed


async def test_choice_withdraws_all_selections_of_earlier_versions(stores: Stores) -> None:
    first, second = await stores.add_card(), await stores.add_card()
    for card, choice in ((first, RIGHT), (first, FOLK), (first, (VoteKind.CHOICE, "rock"))):
        await stores.vote(card, choice)
    await stores.vote(second, JAZZ)
    folk = Selection(second.id, *FOLK)
    changed = await stores.votes.change(
        second.id, ALICE, partial(changes_for, selection=folk, added=True)
    )
    assert changed == await stores.votes.ballot(first.id, ALICE) == Ballot((folk,))
    assert await stores.votes.tally(first.id) == {}
    assert await stores.votes.tally(second.id) == {"folk": 1}
    assert await stores.votes.change(second.id, ALICE, withdraw_all) == Ballot()
    assert await stores.votes.tally(second.id) == {}


async def test_concurrent_changes_see_each_others_ballots(stores: Stores) -> None:
    card = await stores.add_card()
    choices = [Selection(card.id, VoteKind.CHOICE, genre) for genre in ("jazz", "folk", "rock")]
    await asyncio.gather(
        *(
            stores.votes.change(card.id, ALICE, partial(changes_for, selection=choice, added=True))
            for choice in choices * 3
        )
    )
    (selection,) = (await stores.votes.ballot(card.id, ALICE)).selections
    assert selection in choices


async def test_ballots_of_different_people_are_independent(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.vote(card, JAZZ)
    await stores.vote(card, FOLK, BOB)
    await stores.vote(card, JAZZ, BOB, added=False)
    assert await stores.votes.ballot(card.id, ALICE) == standing(card, JAZZ)
    assert await stores.votes.ballot(card.id, BOB) == standing(card, FOLK)


async def test_tally_counts_votes_on_the_card_that_count_for_their_voters(stores: Stores) -> None:
    first, second = await stores.add_card(), await stores.add_card()
    for user in ("c", "d", "e"):
        await stores.vote(first, JAZZ, user)
    for card, choice, user in ((first, FOLK, ALICE), (first, RIGHT, ALICE), (first, FOLK, BOB)):
        await stores.vote(card, choice, user)
    await stores.vote(second, FOLK, "e")
    tally = await stores.votes.tally(first.id)
    assert list(tally.items()) == [("jazz", 2), ("country", 1), ("folk", 1)]
    assert await stores.votes.tally(second.id) == {"folk": 1}
    assert await stores.votes.tally(second.id + 1) == {}


async def test_tally_of_a_track_counts_the_votes_on_all_its_cards_in_a_place(
    stores: Stores,
) -> None:
    first, second = await stores.add_card(), await stores.add_card()
    elsewhere = await stores.add_card(place=OTHER_PLACE)
    other = await stores.add_card(OTHER_TRACK)
    for card, choice, user in (
        (first, JAZZ, "c"),
        (second, JAZZ, "d"),
        (first, FOLK, ALICE),
        (second, RIGHT, ALICE),
        (second, FOLK, BOB),
        (elsewhere, FOLK, "e"),
        (other, FOLK, "f"),
    ):
        await stores.vote(card, choice, user)
    tally = await stores.votes.tally_of(TRACK.key, PLACE)
    assert list(tally.items()) == [("jazz", 2), ("country", 1), ("folk", 1)]
    assert await stores.votes.tally_of(TRACK.key, OTHER_PLACE) == {"folk": 1}
    assert await stores.votes.tally_of(OTHER_TRACK.key, OTHER_PLACE) == {}
    keys = [OTHER_TRACK.key, TRACK.key, "unknown"]
    tallies = await stores.votes.tallies_of(keys, PLACE)
    assert tallies == {TRACK.key: tally, OTHER_TRACK.key: {"folk": 1}}
    assert list(tallies[TRACK.key]) == list(tally)
    assert await stores.votes.tallies_of(keys, OTHER_PLACE) == {TRACK.key: {"folk": 1}}
    assert await stores.votes.tallies_of(keys[:1], PLACE) == {OTHER_TRACK.key: {"folk": 1}}
    assert await stores.votes.tallies_of([], PLACE) == {}


async def test_votes_of_a_deleted_person_vanish_from_the_tally_of_a_track(stores: Stores) -> None:
    card = await stores.add_card()
    await stores.vote(card, JAZZ)
    await stores.vote(card, FOLK, BOB)
    await stores.votes.forget(ALICE)
    assert await stores.votes.tally_of(TRACK.key, PLACE) == {"folk": 1}


async def test_vote_on_an_unknown_card_fails(stores: Stores) -> None:
    card = await stores.add_card()
    with pytest.raises(StorageFailed):
        await change_ballot(stores.votes, card.id + 1, ALICE, JAZZ)


async def test_forget_deletes_what_is_known_of_a_persons_files(stores: Stores) -> None:
    track = Track(title="My Song", artists=("Me",), sound_id="a" * 32)
    mine, other = [await stores.predictions.add(sound_answer(track), PLACE) for _ in (ALICE, BOB)]
    for card, asker in ((mine, ALICE), (other, BOB)):
        await stores.messages.remember(PLACE, f"m{card.id}", card.id, asker=asker, source="q")
    await stores.votes.forget(ALICE)
    forgotten, kept = [await stores.predictions.get(card.id) for card in (mine, other)]
    assert kept == other
    assert forgotten is not None
    assert (forgotten.answer.subject.title, forgotten.answer.subject.artists) == ("", ())
    assert forgotten.answer.heard is not None
    assert not forgotten.answer.heard.tags
    assert not forgotten.answer.heard.embedding
    assert forgotten.answer.prediction == mine.answer.prediction


async def test_forget_deletes_one_persons_votes_and_counts_those_that_stood(
    stores: Stores,
) -> None:
    card, other = await stores.add_card(), await stores.add_card(OTHER_TRACK)
    await stores.add_message("m1", card)
    for choice, on in ((JAZZ, card), (FOLK, card), (JAZZ, other), (RIGHT, other)):
        await stores.vote(on, choice)
    await stores.vote(other, RIGHT, added=False)
    await stores.vote(card, RIGHT, BOB)
    assert await stores.votes.forget(ALICE) == Forgotten(3, 2)
    assert await stores.votes.forget(ALICE) == Forgotten(0)
    assert await stores.votes.ballot(card.id, ALICE) == Ballot()
    assert await stores.votes.ballot(card.id, BOB) == standing(card, RIGHT)
    assert await stores.messages.find(PLACE, "m1") == card
    assert not await stores.messages.asked(PLACE, "m1", ALICE)


async def test_forget_leaves_jobs_that_update_the_messages_with_the_votes(stores: Stores) -> None:
    voted, other = await stores.add_card(), await stores.add_card(OTHER_TRACK)
    answers = [("m1", voted, OTHER_PLACE), ("m2", voted, OTHER_PLACE), ("m3", other, OTHER_PLACE)]
    for message_id, card, place in [*answers, ("page", voted, PLACE)]:
        await stores.add_message(message_id, card, place, asker=BOB)
    await stores.vote(voted, JAZZ)
    await stores.vote(other, FOLK, BOB)
    assert await stores.votes.forget(ALICE, "U1") == Forgotten(1, 1, 2)
    jobs = [one.job for one in await stores.inbox.claim("slack", "me", timedelta(hours=1), 9)]
    assert [(job.place, job.kind, job.payload["user"]) for job in jobs] == [
        (OTHER_PLACE, JobKind.REFRESH, "U1")
    ]
    reactions = ((VoteKind.REACTION, "jazz"),)
    assert {(mark.message_id, mark) for job in jobs for mark in marks_of(job)} == {
        (message_id, Mark(message_id, voted.id, reactions)) for message_id in ("m1", "m2")
    }
    assert await stores.inbox.claim("web", "me", timedelta(hours=1), 9) == []
    assert await stores.votes.forget(ALICE, "U1") == Forgotten(0)
    assert await stores.inbox.claim("slack", "me", timedelta(hours=1), 9) == []


async def test_newest_messages_are_updated_if_there_are_very_many(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("bot.storage.votes", "tests.support.fake_stores"):
        monkeypatch.setattr(f"{module}.MAX_MARKS", 3)
    monkeypatch.setattr("bot.domain.marks.MARKS_PER_JOB", 2)
    card = await stores.add_card()
    for number in range(5):
        await stores.add_message(f"m{number}", card, OTHER_PLACE)
    await stores.vote(card, JAZZ)
    assert (await stores.votes.forget(ALICE)).messages == 3
    jobs = [one.job for one in await stores.inbox.claim("slack", "me", timedelta(hours=1), 9)]
    assert sorted(mark.message_id for job in jobs for mark in marks_of(job)) == ["m2", "m3", "m4"]
    assert [len(marks_of(job)) for job in jobs] == [2, 1]
    assert len({job.order for job in jobs}) == 1


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
"""Card, user, choice, whether it is added, whether the voting rules apply.

Ballots of earlier versions may violate the rules.
"""


@settings(
    max_examples=25,
    deadline=None,
    # The examples share a database: each adds its own cards and reads no others.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(events=EVENTS)
async def test_any_sequence_of_votes_gives_the_ballots_and_counts_of_the_fake(
    stores: Stores, events: list[tuple[int, str, KindAndGenre, bool, bool]]
) -> None:
    model = fake_stores()
    example = uuid4().hex
    tracks = [Track(example + name) for name in ("same", "same", "other")]
    pairs = [(await stores.add_card(track), await model.add_card(track)) for track in tracks]
    for index, user, choice, added, by_rules in events:
        for where, card in zip((stores, model), pairs[index], strict=True):
            if by_rules:
                decide = partial(changes_for, selection=Selection(card.id, *choice), added=added)
                await where.votes.change(card.id, user, decide)
            else:
                await where.vote(card, choice, user, added=added)
    twins = {card.id: twin.id for card, twin in pairs}
    for card, twin in pairs:
        tally = await stores.votes.tally(card.id)
        assert tally == await model.votes.tally(twin.id)
        ballots = [await stores.votes.ballot(card.id, user) for user in (ALICE, BOB)]
        for ballot, user in zip(ballots, (ALICE, BOB), strict=True):
            expected = await model.votes.ballot(twin.id, user)
            renamed = [Selection(twins[s.card_id], s.kind, s.genre) for s in ballot.selections]
            assert Ballot(tuple(renamed)) == expected
        for user, ballot in zip((ALICE, BOB), ballots, strict=True):
            own = await stores.votes.ballots_of([one.key for one in tracks], user)
            assert own.get(card.answer.subject.key, Ballot()) == ballot
            assert all(one.selections for one in own.values())
        # The SQL view and the domain agree on the vote that counts.
        counted = [
            ballot.counted
            for ballot in ballots
            if ballot.selections and ballot.selections[-1].card_id == card.id
        ]
        assert tally == Counter(counted)


async def test_repeated_delivery_is_recorded_once(stores: Stores) -> None:
    card = await stores.add_card()
    for choice, event in ((JAZZ, "e1"), (FOLK, "e2"), (JAZZ, "e1")):
        ballot = await change_ballot(stores.votes, card.id, ALICE, choice, event_id=event)
    assert ballot == await stores.votes.ballot(card.id, ALICE) == standing(card, JAZZ, FOLK)


async def test_delivery_whose_vote_failed_can_be_repeated(stores: Stores) -> None:
    card = await stores.add_card()
    with pytest.raises(StorageFailed):
        await change_ballot(stores.votes, card.id + 1, ALICE, JAZZ, event_id="e1")
    await change_ballot(stores.votes, card.id, ALICE, JAZZ, event_id="e1")
    assert (await stores.votes.ballot(card.id, ALICE)).counted == "jazz"
