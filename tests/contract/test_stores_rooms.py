"""What SettingsStore and StatsStore promise: databases and fakes."""

from dataclasses import replace

import pytest

from bot.domain.channel_settings import ChannelSettings, Mode, SettingsChange
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import Track
from bot.domain.votes import VoteKind
from tests.contract.stores_open import Stores
from tests.contract.stores_values import (
    ALICE,
    BOB,
    ELSEWHERE,
    FOLK,
    HERE,
    JAZZ,
    OTHER,
    RIGHT,
    TRACK,
)

WORKSPACE = replace(HERE, channel="")
BESIDE = replace(HERE, channel="beside")
QUIET = SettingsChange(Mode.OFF, reactions=False, model="study")
ASKED = SettingsChange(Mode.ON_REQUEST)
QUIET_HELD = ChannelSettings(Mode.OFF, reactions=False, model="study")
ASKED_IN_QUIET = ChannelSettings(Mode.ON_REQUEST, reactions=False, model="study")


async def test_without_settings_the_defaults_hold(stores: Stores) -> None:
    assert await stores.settings.get(HERE) == ChannelSettings()


async def test_settings_hold_in_their_place_only(stores: Stores) -> None:
    await stores.settings.put(HERE, QUIET)
    assert await stores.settings.get(HERE) == QUIET_HELD
    for place in (BESIDE, WORKSPACE, ELSEWHERE, replace(HERE, workspace="w2")):
        assert await stores.settings.get(place) == ChannelSettings()


async def test_what_a_channel_has_not_set_is_as_in_its_workspace(stores: Stores) -> None:
    await stores.settings.put(WORKSPACE, QUIET)
    await stores.settings.put(HERE, ASKED)
    assert await stores.settings.get(WORKSPACE) == QUIET_HELD
    assert await stores.settings.get(BESIDE) == QUIET_HELD
    assert await stores.settings.get(HERE) == ASKED_IN_QUIET
    assert await stores.settings.get(replace(HERE, workspace="w2")) == ChannelSettings()
    await stores.settings.put(WORKSPACE, SettingsChange(model="wide"))
    assert await stores.settings.get(HERE) == replace(ASKED_IN_QUIET, model="wide")


async def test_what_is_set_last_holds_and_the_rest_stays(stores: Stores) -> None:
    for change in (QUIET, ASKED):
        await stores.settings.put(HERE, change)
    assert await stores.settings.get(HERE) == ASKED_IN_QUIET


async def test_a_channel_that_is_cleared_follows_its_workspace(stores: Stores) -> None:
    await stores.settings.put(WORKSPACE, QUIET)
    await stores.settings.put(HERE, ASKED)
    await stores.settings.put(BESIDE, ASKED)
    await stores.settings.clear(HERE)
    assert await stores.settings.get(HERE) == QUIET_HELD
    assert await stores.settings.get(BESIDE) == ASKED_IN_QUIET


async def test_a_workspace_that_is_cleared_keeps_nothing(stores: Stores) -> None:
    for place in (WORKSPACE, HERE, ELSEWHERE):
        await stores.settings.put(place, QUIET)
    await stores.settings.clear(WORKSPACE)
    assert await stores.settings.get(HERE) == ChannelSettings()
    assert await stores.settings.get(ELSEWHERE) == QUIET_HELD


async def test_a_workspace_without_answers_has_empty_figures(stores: Stores) -> None:
    await stores.card(place=ELSEWHERE)
    assert await stores.stats.of(HERE) == WorkspaceStats(0, 0, 0, 0, (), {}, {})


async def test_a_track_counts_once_with_its_newest_answer_there(stores: Stores) -> None:
    await stores.card(TRACK, "rock", energy=0.1, key=3)
    await stores.card(TRACK, "pop", energy=0.25, tempo=100)
    await stores.card(OTHER, "pop", BESIDE, energy=0.75)
    await stores.card(Track("third"), "jazz", energy=0.5)
    await stores.card(TRACK, "metal", ELSEWHERE, energy=1)
    stats = await stores.stats.of(WORKSPACE)
    assert (stats.answers, stats.tracks) == (4, 3)
    assert list(stats.genres.items()) == [("pop", 2), ("jazz", 1)]
    assert stats.features == {"energy": pytest.approx(0.5), "tempo": 100}
    assert await stores.stats.of(HERE) == await stores.stats.of(BESIDE) == stats


async def test_votes_are_judged_by_the_genre_predicted_on_their_card(stores: Stores) -> None:
    right, wrong = await stores.card(), await stores.card(OTHER, "rock")
    away = await stores.card(Track("third"), place=ELSEWHERE)
    for card, choice, user in (
        (right, RIGHT, ALICE),
        (right, JAZZ, BOB),
        (wrong, JAZZ, ALICE),
        (wrong, FOLK, ALICE),  # counts in place of the one before
        (wrong, FOLK, BOB),
        (away, JAZZ, ALICE),
    ):
        await stores.say(card, choice, user)
    stats = await stores.stats.of(HERE)
    assert (stats.votes, stats.agreed) == (4, 1)
    assert stats.confused == (("rock", "folk", 2), ("country", "jazz", 1))


async def test_a_vote_counts_in_the_workspace_where_it_was_given_last(stores: Stores) -> None:
    here, there = await stores.card(), await stores.card(place=ELSEWHERE)
    await stores.say(here, JAZZ)
    await stores.say(there, FOLK)
    assert (await stores.stats.of(HERE)).votes == 0
    assert (await stores.stats.of(ELSEWHERE)).confused == (("country", "folk", 1),)


async def test_only_the_five_most_confused_pairs_are_told(stores: Stores) -> None:
    card = await stores.card()
    genres = ("rock", "pop", "jazz", "folk", "blues", "metal")
    for number, genre in enumerate(genres):
        for user in range(number + 1):
            choice = (VoteKind.CHOICE, genre)
            await stores.say(card, choice, f"{genre} {user}")
    stats = await stores.stats.of(HERE)
    assert [(voted, count) for _, voted, count in stats.confused] == [
        *(("metal", 6), ("blues", 5), ("folk", 4), ("jazz", 3), ("pop", 2))
    ]
    assert stats.votes == 21
