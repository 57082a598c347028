"""Contract of OwnLabelStore, for databases and the fake."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.own_labels import (
    MAX_EXAMPLES,
    MAX_LABELS,
    Example,
    LabelProblem,
    LabelRefused,
    OwnLabel,
)
from tests.contract.all_stores import Stores
from tests.support.store_values import OTHER_PLACE, PLACE

OTHER_CHANNEL = replace(PLACE, channel="other")
OTHER_WORKSPACE = replace(PLACE, workspace="w2")
HEROES = Example("deezer:1", "Heroes - David Bowie", {"energy": 0.7, "tempo": 112.5, "key": 0.0})
HELP = Example("deezer:2", "Help! - The Beatles", {"energy": 0.8})


async def test_labels_belong_to_their_workspace_whatever_the_channel(stores: Stores) -> None:
    await stores.own_labels.teach(PLACE, "late night", HEROES)
    taught = await stores.own_labels.teach(OTHER_CHANNEL, "late night", HELP)
    await stores.own_labels.teach(PLACE, "gym", HELP)
    assert taught == OwnLabel("late night", (HEROES, HELP))
    found = await stores.own_labels.of(OTHER_CHANNEL)
    assert list(found) == [taught, OwnLabel("gym", (HELP,))]
    for place in (OTHER_PLACE, OTHER_WORKSPACE):
        assert list(await stores.own_labels.of(place)) == []


async def test_names_differ_by_more_than_their_case(stores: Stores) -> None:
    await stores.own_labels.teach(PLACE, "Café", HEROES)
    taught = await stores.own_labels.teach(PLACE, "CAFÉ", HELP)
    assert taught == OwnLabel("Café", (HEROES, HELP))
    assert await stores.own_labels.forget_song(PLACE, "café", HELP.track_key)
    assert await stores.own_labels.forget_label(PLACE, "CAFé")


async def test_songs_that_are_taught_at_once_have_one_label(stores: Stores) -> None:
    songs = [replace(HEROES, track_key=f"deezer:{number}") for number in range(6)]
    names = ["gym", "GYM", "Gym"] * 2
    await asyncio.gather(*map(stores.own_labels.teach, [PLACE] * 6, names, songs))
    (label,) = await stores.own_labels.of(PLACE)
    assert {one.track_key for one in label.examples} == {one.track_key for one in songs}


async def test_song_that_is_taught_again_is_measured_anew(stores: Stores) -> None:
    await stores.own_labels.teach(PLACE, "gym", HEROES)
    measured = replace(HEROES, song="Heroes", features={"valence": 0.5})
    assert await stores.own_labels.teach(PLACE, "gym", measured) == OwnLabel("gym", (measured,))


async def test_deleting_a_label_deletes_its_songs(stores: Stores) -> None:
    for name in ("gym", "phonk"):
        await stores.own_labels.teach(PLACE, name, HEROES)
    assert await stores.own_labels.forget_label(PLACE, "gym")
    assert not await stores.own_labels.forget_label(PLACE, "gym")
    assert list(await stores.own_labels.of(PLACE)) == [OwnLabel("phonk", (HEROES,))]
    taught = await stores.own_labels.teach(PLACE, "gym", HELP)
    assert taught == OwnLabel("gym", (HELP,))


async def test_label_is_deleted_with_its_last_song(stores: Stores) -> None:
    for song in (HEROES, HELP):
        await stores.own_labels.teach(PLACE, "gym", song)
    assert await stores.own_labels.forget_song(PLACE, "gym", HEROES.track_key)
    assert not await stores.own_labels.forget_song(PLACE, "gym", HEROES.track_key)
    assert list(await stores.own_labels.of(PLACE)) == [OwnLabel("gym", (HELP,))]
    assert await stores.own_labels.forget_song(PLACE, "gym", HELP.track_key)
    assert list(await stores.own_labels.of(PLACE)) == []
    assert not await stores.own_labels.forget_song(PLACE, "gym", HELP.track_key)


async def test_only_the_workspaces_own_labels_are_forgotten(stores: Stores) -> None:
    for place in (PLACE, OTHER_PLACE, OTHER_WORKSPACE):
        await stores.own_labels.teach(place, "gym", HEROES)
    assert not await stores.own_labels.forget_label(replace(PLACE, workspace="w3"), "gym")
    assert await stores.own_labels.clear(replace(PLACE, channel="")) == 1
    assert list(await stores.own_labels.of(PLACE)) == []
    for place in (OTHER_PLACE, OTHER_WORKSPACE):
        assert len(await stores.own_labels.of(place)) == 1
    assert await stores.own_labels.clear(PLACE) == 0


async def test_a_label_too_many_is_refused(stores: Stores) -> None:
    for number in range(MAX_LABELS):
        await stores.own_labels.teach(PLACE, f"label {number}", HEROES)
    with pytest.raises(LabelRefused) as refused:
        await stores.own_labels.teach(PLACE, "one more", HEROES)
    assert refused.value.problem is LabelProblem.TOO_MANY_LABELS
    await stores.own_labels.teach(PLACE, "LABEL 0", HELP)
    await stores.own_labels.teach(OTHER_PLACE, "one more", HEROES)
    assert len(await stores.own_labels.of(PLACE)) == MAX_LABELS


async def test_a_song_too_many_is_refused(stores: Stores) -> None:
    for number in range(MAX_EXAMPLES):
        await stores.own_labels.teach(PLACE, "gym", replace(HEROES, track_key=f"deezer:{number}"))
    with pytest.raises(LabelRefused) as refused:
        await stores.own_labels.teach(PLACE, "gym", replace(HEROES, track_key="deezer:x"))
    assert (refused.value.problem, refused.value.about) == (LabelProblem.TOO_MANY_SONGS, "gym")
    await stores.own_labels.teach(PLACE, "gym", replace(HEROES, track_key="deezer:0"))
    (label,) = await stores.own_labels.of(PLACE)
    assert len(label.examples) == MAX_EXAMPLES
