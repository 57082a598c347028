"""A channel's settings and a workspace's figures."""

from dataclasses import replace

import pytest

from bot import texts
from bot.domain.cards import Card, Notice, Theme
from bot.domain.channel_settings import ChannelSettings, Mode, SettingsChange
from bot.domain.statistics import WorkspaceStats
from bot.domain.votes import Vote, VoteKind
from bot.services.handlers import Room
from tests.support.factories import message
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import HERE, SERVER, broken, paste

ON_REQUEST = ChannelSettings(Mode.ON_REQUEST)


async def test_settings_are_changed_and_said_back(world: FakeApp) -> None:
    done = await world.room.change(HERE, SettingsChange(Mode.ON_REQUEST))
    assert done == Notice("done", texts.settings(ON_REQUEST, everywhere=False))
    assert await world.room.held(HERE) == done
    assert await world.room.settings(HERE) == ON_REQUEST
    default = texts.settings(ChannelSettings(), everywhere=False)
    assert await world.room.change(HERE, None) == Notice("done", default)
    everywhere = await world.room.change(SERVER, SettingsChange(Mode.ON_REQUEST))
    assert everywhere.text == texts.settings(ON_REQUEST, everywhere=True)


async def test_a_model_that_is_not_there_is_refused(world: FakeApp) -> None:
    notice = await world.room.change(HERE, SettingsChange(model="gone"))
    assert notice.code == "model_error"
    assert world.settings.set == {}


async def test_a_channel_is_answered_by_its_model(world: FakeApp) -> None:
    await world.room.change(HERE, SettingsChange(model="other"))
    for replies in (await paste(world, LINK, "m1"), await world.room.on_asked(message(LINK, "m2"))):
        assert isinstance(replies[0], Card)
        assert replies[0].answer.model.name == "other"


async def test_stats_count_a_workspace_and_are_drawn(world: FakeApp) -> None:
    (card,) = await paste(world, LINK, "m1")
    assert isinstance(card, Card)
    await world.core.on_vote(Vote(HERE, card.id, "ann", VoteKind.RIGHT))
    stats = await world.room.stats(replace(HERE, channel="another"))
    assert isinstance(stats, WorkspaceStats)
    assert (stats.answers, stats.tracks, stats.votes, stats.agreed) == (1, 1, 1, 1)
    assert await world.room.stats_chart(stats, Theme.DARK) == b"1 tracks dark"


async def test_a_workspace_without_answers_is_told_so(room: Room) -> None:
    assert await room.stats(HERE) == Notice("empty", texts.NO_STATS)


async def test_figures_that_cannot_be_drawn_are_still_figures(
    world: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    await paste(world, LINK, "m1")
    stats = await world.room.stats(HERE)
    assert isinstance(stats, WorkspaceStats)
    monkeypatch.setattr(world.renderer, "stats", broken)
    assert await world.room.stats_chart(stats, Theme.DARK) is None


@pytest.mark.parametrize("use", ["held", "stats", "change"])
async def test_a_database_that_is_away_is_told_in_words(
    world: FakeApp, monkeypatch: pytest.MonkeyPatch, use: str
) -> None:
    for store, method in ((world.settings, "put"), (world.settings, "get"), (world.stats, "of")):
        monkeypatch.setattr(store, method, broken)
    replies = {
        "held": world.room.held(HERE),
        "stats": world.room.stats(HERE),
        "change": world.room.change(HERE, SettingsChange(Mode.OFF)),
    }
    chosen = replies.pop(use)
    for other in replies.values():
        other.close()
    reply = await chosen
    assert isinstance(reply, Notice)
    assert reply.code == ("done" if use == "held" else "unavailable")
