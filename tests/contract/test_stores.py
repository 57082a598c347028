"""What PredictionStore, MessageStore, FeedbackStore and EventLog promise: database and fakes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import StorageFailed
from bot.ports import EventLog, FeedbackStore, MessageStore, PredictionStore
from bot.storage.engine import open_database
from bot.storage.events import Events
from bot.storage.feedback import Feedback
from bot.storage.messages import Messages
from bot.storage.predictions import Predictions
from bot.values import Answer, Ballot, Card, Choice, Track
from tests.contract.stores_values import (
    ALICE,
    ANSWER,
    BOB,
    ELSEWHERE,
    FOLK,
    HERE,
    JAZZ,
    OTHER,
    RIGHT,
    TRACK,
    Ticking,
    about,
    answers,
    url,
)
from tests.fakes_storage import FakeEvents, FakeFeedback, FakeMessages, FakePredictions


@dataclass(frozen=True)
class Stores:
    predictions: PredictionStore
    messages: MessageStore
    feedback: FeedbackStore
    events: EventLog

    async def card(self, track: Track = TRACK) -> Card:
        return await self.predictions.add(about(track), HERE)

    async def say(
        self, card: Card, choice: Choice, user: str = ALICE, *, added: bool = True
    ) -> None:
        await self.feedback.record(card.id, user, choice, added=added)


def fakes() -> Stores:
    predictions = FakePredictions()
    messages = FakeMessages(predictions)
    return Stores(predictions, messages, FakeFeedback(predictions, messages), FakeEvents())


@pytest.fixture(params=["database", "fake"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stores]:
    if request.param == "fake":
        yield fakes()
        return
    now = Ticking()
    async with open_database(url(tmp_path / "soundslike.db"), now) as database:
        yield Stores(
            Predictions(database, now),
            Messages(database, now),
            Feedback(database, now),
            Events(database, now),
        )


ONE_DATABASE = settings(
    max_examples=50,
    deadline=None,
    # The examples share a database: each adds cards of its own and looks at no others.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


# PredictionStore


async def test_an_answer_comes_back_as_it_went_in(stores: Stores) -> None:
    card = await stores.predictions.add(ANSWER, HERE)
    assert await stores.predictions.get(card.id) == card == Card(card.id, ANSWER)


@settings(ONE_DATABASE)
@given(answer=answers())
async def test_any_answer_comes_back_as_it_went_in(stores: Stores, answer: Answer) -> None:
    card = await stores.predictions.add(answer, HERE)
    found = await stores.predictions.get(card.id)
    assert found == Card(card.id, answer)
    assert list(found.answer.prediction.genres) == list(answer.prediction.genres)


async def test_each_answer_gets_an_id_of_its_own(stores: Stores) -> None:
    assert (await stores.card()).id != (await stores.card()).id


@pytest.mark.parametrize("card_id", [0, -1, 77, 2**31, 10**30])
async def test_a_card_that_was_never_given_is_none(stores: Stores, card_id: int) -> None:
    await stores.card()
    assert await stores.predictions.get(card_id) is None


# MessageStore


async def test_a_message_shows_its_card_in_its_place_only(stores: Stores) -> None:
    card = await stores.card()
    await stores.messages.remember(HERE, "m1", card.id, ALICE)
    assert await stores.messages.find(HERE, "m1") == card
    assert await stores.messages.find(HERE, "m2") is None
    for place in (
        ELSEWHERE,
        replace(HERE, platform="discord"),
        replace(HERE, workspace="other"),
        replace(HERE, channel="other"),
    ):
        assert await stores.messages.find(place, "m1") is None


async def test_a_message_shows_the_card_that_was_noted_last(stores: Stores) -> None:
    first, second = await stores.card(), await stores.card(OTHER)
    await stores.messages.remember(HERE, "m1", first.id, ALICE)
    await stores.messages.remember(HERE, "m1", second.id, BOB)
    assert await stores.messages.find(HERE, "m1") == second
    assert await stores.messages.recent(HERE, 10) == [("m1", second)]


async def test_recent_is_the_latest_of_one_place_oldest_first(stores: Stores) -> None:
    cards = [await stores.card() for _ in range(5)]
    for card in cards:
        await stores.messages.remember(HERE, f"m{card.id}", card.id, ALICE)
    await stores.messages.remember(ELSEWHERE, "m", cards[0].id, ALICE)
    latest = [(f"m{card.id}", card) for card in cards[2:]]
    assert await stores.messages.recent(HERE, 3) == latest
    assert await stores.messages.recent(HERE, 0) == []
    assert len(await stores.messages.recent(HERE, 50)) == 5


async def test_a_message_cannot_show_a_card_that_was_never_given(stores: Stores) -> None:
    card = await stores.card()
    await stores.messages.remember(HERE, "m1", card.id, ALICE)
    with pytest.raises(StorageFailed):
        await stores.messages.remember(HERE, "m1", card.id + 1, ALICE)
    assert await stores.messages.find(HERE, "m1") == card


# FeedbackStore


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


async def test_a_vote_on_a_card_that_was_never_given_fails(stores: Stores) -> None:
    card = await stores.card()
    with pytest.raises(StorageFailed):
        await stores.feedback.record(card.id + 1, ALICE, JAZZ, added=True)


async def test_forget_deletes_the_votes_of_one_person_and_counts_those_that_stood(
    stores: Stores,
) -> None:
    card, other = await stores.card(), await stores.card(OTHER)
    await stores.messages.remember(HERE, "m1", card.id, ALICE)
    for choice, on in ((JAZZ, card), (FOLK, card), (JAZZ, other), (RIGHT, other)):
        await stores.say(on, choice)
    await stores.say(other, RIGHT, added=False)
    await stores.say(card, RIGHT, BOB)
    assert await stores.feedback.forget(ALICE) == 3
    assert await stores.feedback.forget(ALICE) == 0
    assert await stores.feedback.ballot(card.id, ALICE) == Ballot()
    assert await stores.feedback.ballot(card.id, BOB) == Ballot(frozenset({RIGHT}), "country")
    assert await stores.messages.find(HERE, "m1") == card


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([ALICE, BOB]),
        st.sampled_from([RIGHT, JAZZ, FOLK]),
        st.booleans(),
    ),
    max_size=25,
)


@settings(ONE_DATABASE)
@given(events=EVENTS)
async def test_any_course_of_votes_ends_as_in_the_model(
    stores: Stores, events: list[tuple[int, str, Choice, bool]]
) -> None:
    model = fakes()
    example = uuid4().hex
    tracks = [Track(example + name) for name in ("same", "same", "other")]
    pairs = [(await stores.card(track), await model.card(track)) for track in tracks]
    for index, user, choice, added in events:
        for where, card in zip((stores, model), pairs[index], strict=True):
            await where.say(card, choice, user, added=added)
    for card, twin in pairs:
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


# EventLog


async def test_an_event_is_new_once(stores: Stores) -> None:
    assert await stores.events.first_time("e1")
    assert not await stores.events.first_time("e1")
    assert await stores.events.first_time("e2")
    assert not await stores.events.first_time("e1")
