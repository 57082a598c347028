"""Settings of channels and workspaces, and their statistics."""

import asyncio
from dataclasses import replace

import pytest

from bot import texts
from bot.domain.cards import Card, Theme
from bot.domain.channel_settings import ChannelSettings, Mode, SettingsChange
from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.domain.replies import Notice, NoticeKind
from bot.domain.statistics import WorkspaceStats
from bot.domain.votes import Vote, VoteKind
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import CHANNEL, WORKSPACE, fail, paste

ON_REQUEST = ChannelSettings(Mode.ON_REQUEST)


async def test_changed_settings_are_described(app: FakeApp) -> None:
    settings = app.services.settings
    done = await settings.change(CHANNEL, SettingsChange(Mode.ON_REQUEST))
    assert done == Notice(NoticeKind.DONE, texts.settings(ON_REQUEST, everywhere=False))
    assert await settings.describe(CHANNEL) == done
    assert await settings.of(CHANNEL) == ON_REQUEST
    default = texts.settings(ChannelSettings(), everywhere=False)
    assert await settings.reset(CHANNEL) == Notice(NoticeKind.DONE, default)
    everywhere = await settings.change(WORKSPACE, SettingsChange(Mode.ON_REQUEST))
    assert everywhere.text == texts.settings(ON_REQUEST, everywhere=True)


async def test_where_reactions_are_disabled_only_their_removal_counts(app: FakeApp) -> None:
    settings = app.services.settings
    assert await settings.counts_reaction(CHANNEL, added=True)
    await settings.change(CHANNEL, SettingsChange(reactions=False))
    assert not await settings.counts_reaction(CHANNEL, added=True)
    assert await settings.counts_reaction(CHANNEL, added=False)


async def test_an_unknown_model_is_refused(app: FakeApp) -> None:
    notice = await app.services.settings.change(CHANNEL, SettingsChange(model="missing"))
    assert notice.kind is NoticeKind.MODEL_ERROR
    assert app.settings.set == {}


async def test_statistics_cover_the_workspace_and_are_drawn(app: FakeApp) -> None:
    (card,) = await paste(app, LINK, "m1")
    assert isinstance(card, Card)
    await app.services.voting.record(Vote(CHANNEL, card.id, "ann", VoteKind.RIGHT))
    stats = await app.services.statistics.of_workspace(replace(CHANNEL, channel="another"))
    assert isinstance(stats, WorkspaceStats)
    assert (stats.answers, stats.tracks, stats.votes, stats.agreed) == (1, 1, 1, 1)
    assert await app.services.statistics.chart(stats, Theme.DARK) == b"1 tracks dark"


async def test_a_workspace_without_answers_gets_a_notice(app: FakeApp) -> None:
    notice = await app.services.statistics.of_workspace(CHANNEL)
    assert isinstance(notice, Notice)
    assert notice.kind is NoticeKind.NO_STATISTICS
    assert notice.text.startswith(texts.NO_STATS)


async def test_a_failed_statistics_chart_is_none(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    await paste(app, LINK, "m1")
    stats = await app.services.statistics.of_workspace(CHANNEL)
    assert isinstance(stats, WorkspaceStats)
    monkeypatch.setattr(app.renderer, "stats", fail)
    assert await app.services.statistics.chart(stats, Theme.DARK) is None


async def test_a_database_failure_is_a_notice(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    for store, method in ((app.settings, "put"), (app.settings, "clear"), (app.stats, "of")):
        monkeypatch.setattr(store, method, fail)
    settings = app.services.settings
    for reply in (
        await app.services.statistics.of_workspace(CHANNEL),
        await settings.change(CHANNEL, SettingsChange(Mode.OFF)),
        await settings.reset(CHANNEL),
    ):
        assert isinstance(reply, Notice)
        assert reply.kind is NoticeKind.UNAVAILABLE
    monkeypatch.setattr(app.settings, "get", fail)
    assert (await settings.describe(CHANNEL)).kind is NoticeKind.DONE


async def test_roles_are_ignored_in_the_whole_workspace(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, get = app.services.settings, app.settings.get

    async def slow_get(place: Place) -> ChannelSettings:
        found = await get(place)
        await asyncio.sleep(0)
        return found

    monkeypatch.setattr(app.settings, "get", slow_get)
    await settings.change(CHANNEL, SettingsChange(reactions=False))
    await asyncio.gather(
        settings.change_ignored_roles(CHANNEL, ignore=frozenset({"1"})),
        settings.change_ignored_roles(WORKSPACE, ignore=frozenset({"2"})),
    )
    assert (await settings.of(CHANNEL)).ignored_roles == {"1", "2"}
    assert "2 roles ignored" in (await settings.describe(CHANNEL)).text
    await settings.change_ignored_roles(CHANNEL, listen_to=frozenset({"1", "3"}))
    assert app.settings.set[WORKSPACE] == SettingsChange(ignored_roles=frozenset({"2"}))
    assert (await settings.of(CHANNEL)).ignored_roles == {"2"}


async def test_roles_that_cannot_be_stored_are_an_error(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.settings, "put", fail)
    with pytest.raises(StorageFailed):
        await app.services.settings.change_ignored_roles(CHANNEL, ignore=frozenset({"1"}))


@pytest.mark.parametrize(("removes", "said"), [(True, True), (False, False)])
async def test_removal_of_previews_is_described(app: FakeApp, *, removes: bool, said: bool) -> None:
    change = SettingsChange(removes_previews=removes)
    done = await app.services.settings.change(CHANNEL, change)
    assert ("previews" in done.text) == said
