"""Contract of PredictionStore, for databases and the fake."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from bot.domain.cards import Answer, Card
from bot.domain.tracks import AudioFeatures
from tests.contract.all_stores import Stores
from tests.support.fake_listener import heard
from tests.support.store_values import (
    ANSWER,
    OTHER_PLACE,
    OTHER_TRACK,
    PLACE,
    TRACK,
    answers,
)


async def test_stored_answer_is_returned_unchanged(stores: Stores) -> None:
    card = await stores.predictions.add(ANSWER, PLACE)
    assert await stores.predictions.get(card.id) == card == Card(card.id, ANSWER)


@settings(
    max_examples=40,
    deadline=None,
    # The examples share a database: each adds its own card and reads no other.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(answer=answers())
async def test_any_stored_answer_is_returned_unchanged(stores: Stores, answer: Answer) -> None:
    card = await stores.predictions.add(answer, PLACE)
    found = await stores.predictions.get(card.id)
    assert found == Card(card.id, answer)
    assert list(found.answer.prediction.genres) == list(answer.prediction.genres)


async def test_what_the_features_alone_say_is_stored_with_what_was_heard(stores: Stores) -> None:
    answer = replace(ANSWER, heard=heard(), by_numbers=("folk", "rock"))
    card = await stores.predictions.add(answer, PLACE)
    assert await stores.predictions.get(card.id) == Card(card.id, answer)


async def test_each_feature_value_keeps_its_source(stores: Stores) -> None:
    features = AudioFeatures.from_source({"energy": 0.5, "valence": 0.25}, "reccobeats")
    mixed = features.with_value("tempo", 120.0, "spotify")
    card = await stores.predictions.add(replace(ANSWER, features=mixed), PLACE)
    stored = await stores.predictions.get(card.id)
    assert stored
    assert stored.answer.features == mixed
    assert stored.answer.features.source == "reccobeats"


async def test_each_answer_has_a_unique_id(stores: Stores) -> None:
    assert (await stores.add_card()).id != (await stores.add_card()).id


@pytest.mark.parametrize("card_id", [0, -1, 77, 2**31, 10**30])
async def test_unknown_card_is_none(stores: Stores, card_id: int) -> None:
    await stores.add_card()
    assert await stores.predictions.get(card_id) is None


async def test_card_is_known_in_its_own_place_only(stores: Stores) -> None:
    card = await stores.predictions.add(ANSWER, PLACE)
    assert await stores.predictions.get(card.id, PLACE) == card
    parts = ("platform", "workspace", "channel")
    others = [OTHER_PLACE, *(replace(PLACE, **{part: "another"}) for part in parts)]
    assert [await stores.predictions.get(card.id, place) for place in others] == [None] * 4


async def test_latest_answer_about_a_track_in_a_place(stores: Stores) -> None:
    assert await stores.predictions.latest(TRACK.key, PLACE) is None
    first = await stores.add_card()
    await stores.add_card(OTHER_TRACK)
    assert await stores.predictions.latest(TRACK.key, PLACE) == first
    second = await stores.add_card(energy=0.5)
    await stores.add_card(place=replace(PLACE, workspace="another"))
    assert await stores.predictions.latest(TRACK.key, PLACE) == second
    assert await stores.predictions.latest(TRACK.key, OTHER_PLACE) is None
    assert await stores.predictions.latest("", PLACE) is None
    third = await stores.add_card(energy=0.5)
    assert await stores.predictions.newest(TRACK.key, PLACE, 2) == [third, second]
    assert await stores.predictions.newest(TRACK.key, PLACE, 9) == [third, second, first]
    assert not await stores.predictions.newest(TRACK.key, OTHER_PLACE, 9)


async def test_labels_of_the_workspace_are_stored_in_their_order(stores: Stores) -> None:
    answer = replace(ANSWER, own_labels={"late night": 0.9, "gym": 0.7, "a": 0.68})
    card = await stores.predictions.add(answer, PLACE)
    stored = await stores.predictions.get(card.id)
    assert stored
    assert stored == Card(card.id, answer)
    assert list(stored.answer.own_labels) == ["late night", "gym", "a"]
