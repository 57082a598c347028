"""Equal answers on the page are one card."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.cards import Answer, Card, ModelRef
from bot.domain.filing import FiledUnder
from bot.domain.places import Place
from bot.services.shared_cards import COMPARED, SharedCards
from tests.support.fake_listener import heard
from tests.support.fake_stores import FakePredictionStore
from tests.support.store_values import ANSWER, TRACK, with_genres

PAGE = Place("web", "public", "chat")
FILED = replace(ANSWER, filed_under=FiledUnder(("country",), "fake"))
NAMELESS = replace(ANSWER, subject=replace(TRACK, title="", artists=()))


class SlowStore(FakePredictionStore):
    """Lets others read before it returns what it has read."""

    async def newest(self, track_key: str, place: Place, limit: int) -> Sequence[Card]:
        found = await super().newest(track_key, place, limit)
        await asyncio.sleep(0)
        return found


@pytest.fixture
def store() -> SlowStore:
    return SlowStore()


async def test_equal_answers_on_the_page_are_one_card_also_at_once(store: SlowStore) -> None:
    cards = SharedCards(store)
    found = await asyncio.gather(*(cards.of(ANSWER, PAGE) for _ in range(3)))
    assert {card.id for card in [*found, await SharedCards(store).of(ANSWER, PAGE)]} == {1}


@pytest.mark.parametrize("platform", ["discord", "slack", "terminal"])
async def test_each_message_of_a_chat_has_its_own_card(store: SlowStore, platform: str) -> None:
    place = replace(PAGE, platform=platform)
    assert [(await SharedCards(store).of(ANSWER, place)).id for _ in range(2)] == [1, 2]


async def test_places_of_the_page_have_cards_of_their_own(store: SlowStore) -> None:
    places = (PAGE, replace(PAGE, workspace="local"))
    assert [(await SharedCards(store).of(ANSWER, place)).id for place in places] == [1, 2]


@pytest.mark.parametrize(
    "other",
    [
        replace(ANSWER, model=ModelRef("wide", "3")),
        with_genres(ANSWER, "jazz", "pop"),
        replace(ANSWER, features=ANSWER.features.with_value("loudness", -7.5, "sample")),
        replace(ANSWER, subject=replace(TRACK, title="Old Town Road")),
        replace(ANSWER, heard=heard()),
        FILED,
    ],
)
async def test_an_answer_that_says_something_else_is_a_card_of_its_own(
    store: SlowStore, other: Answer
) -> None:
    cards = SharedCards(store)
    assert [(await cards.of(answer, PAGE)).id for answer in (ANSWER, other)] == [1, 2]
    assert [(await cards.of(answer, PAGE)).id for answer in (other, other)] == [2, 2]


@pytest.mark.parametrize(
    ("poor", "full"),
    [
        (ANSWER, FILED),
        (NAMELESS, ANSWER),
        (replace(ANSWER, subject=replace(TRACK, image=None)), ANSWER),
        (replace(ANSWER, subject=replace(TRACK, url=None)), ANSWER),
    ],
)
async def test_what_a_source_did_not_tell_is_neither_kept_nor_lost(
    store: SlowStore, poor: Answer, full: Answer
) -> None:
    cards = SharedCards(store)
    answers = (poor, full, poor)
    assert [(await cards.of(answer, PAGE)).answer for answer in answers] == [poor, full, full]
    assert len(store.cards) == 2


async def test_ways_of_asking_that_differ_in_figures_do_not_add_cards_in_turn(
    store: SlowStore,
) -> None:
    ways = [with_genres(ANSWER, genre, "pop") for genre in ("jazz", "rock", "folk", "metal")]
    assert len(ways) == COMPARED
    for _ in range(3):
        for way in ways:
            await SharedCards(store).of(way, PAGE)
    assert len(store.cards) == len(ways)


async def test_other_labels_of_the_place_are_another_card_for_those_who_ask(
    store: SlowStore,
) -> None:
    cards = SharedCards(store)
    labelled = replace(ANSWER, own_labels={"late night": 0.9})
    first = await cards.of(labelled, PAGE)
    assert await cards.of(labelled, PAGE) == first
    assert (await cards.of(ANSWER, PAGE)).answer.own_labels == {}


async def test_vote_on_the_page_of_a_song_finds_its_card_with_labels(store: SlowStore) -> None:
    cards = SharedCards(store)
    card = await cards.of(replace(ANSWER, own_labels={"late night": 0.9}), PAGE)
    assert await cards.once(ANSWER, PAGE) == card
