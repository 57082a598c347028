"""What PredictionStore and EventLog promise: databases and fakes."""

import pytest
from hypothesis import HealthCheck, given, settings

from bot.domain.cards import Answer, Card
from tests.contract.stores_open import Stores
from tests.contract.stores_values import ANSWER, HERE, answers


async def test_an_answer_comes_back_as_it_went_in(stores: Stores) -> None:
    card = await stores.predictions.add(ANSWER, HERE)
    assert await stores.predictions.get(card.id) == card == Card(card.id, ANSWER)


@settings(
    max_examples=40,
    deadline=None,
    # The examples share a database: each adds a card of its own and looks at no other.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
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


async def test_an_event_is_new_once(stores: Stores) -> None:
    assert await stores.events.first_time("e1")
    assert not await stores.events.first_time("e1")
    assert await stores.events.first_time("e2")
    assert not await stores.events.first_time("e1")


async def test_an_event_is_known_once_it_was_noted(stores: Stores) -> None:
    assert not await stores.events.known("e1")
    await stores.events.first_time("e1")
    assert await stores.events.known("e1")
    assert not await stores.events.known("e2")


async def test_an_event_that_is_forgotten_is_new_once_more(stores: Stores) -> None:
    for event_id in ("e1", "e2"):
        await stores.events.first_time(event_id)
    await stores.events.forget("e1")
    await stores.events.forget("never noted")
    assert await stores.events.first_time("e1")
    assert not await stores.events.first_time("e1")
    assert not await stores.events.first_time("e2")
