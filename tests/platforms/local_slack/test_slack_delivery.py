"""Duplicate and delayed events, restarts of Slack and the bot, lost connections."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.domain.tracks import MeasuredTrack, Track
from bot.platforms.slack import delivery, failures, posting
from bot.runtime import composition
from tests.stubs.local_slack import bot_runner
from tests.stubs.local_slack.server import BEN, BOT_USER, JAZZ, LocalSlack
from tests.stubs.local_slack.workspace import Workspace, text_of, workspace
from tests.support.bot_process import offline_settings
from tests.support.factories import HEROES
from tests.support.fake_app import LINK, FakeApp

OTHER = f"spotify:track:{HEROES}"


@contextmanager
def blocked_features(app: FakeApp) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
    """Block feature requests; yield an event that is set when one starts, and one to proceed."""
    started, proceed = asyncio.Event(), asyncio.Event()
    known = app.features.measure

    async def features(tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        started.set()
        await proceed.wait()
        return await known(tracks)

    app.features.measure = features  # type: ignore[method-assign] # until the block ends
    try:
        yield started, proceed
    finally:
        app.features.measure = known  # type: ignore[method-assign] # as it was


async def wait_for_socket(people: Workspace) -> None:
    """Wait until a bot is connected by Socket Mode."""
    await people.until(lambda: people.log_lines("socket connected"))


async def test_duplicate_message_event_is_answered_once(
    slack: LocalSlack, chat: Workspace, app: FakeApp
) -> None:
    with blocked_features(app) as (started, proceed):
        question = await chat.post(LINK)
        await started.wait()
        await slack.events.resend(question["ts"])
        proceed.set()
        await chat.wait_for_replies(1)
    await slack.events.resend(question["ts"])
    await chat.barrier()
    assert len(chat.cards()) == 1


async def test_duplicate_reaction_event_does_not_count_after_removal(
    slack: LocalSlack, chat: Workspace
) -> None:
    card = await chat.paste(LINK)
    await chat.react(card, "saxophone")
    await chat.until(lambda: "1 says jazz." in text_of(chat.current(card)))
    await chat.react(card, "saxophone", added=False)
    await chat.until(lambda: " says " not in text_of(chat.current(card)))
    await slack.events.resend('"reaction_added"')
    await chat.react(card, "blue_heart", user=BEN)
    await chat.until(lambda: "1 says blues." in text_of(chat.current(card)))


async def test_two_bots_with_one_database_answer_once(
    slack: LocalSlack, people: Workspace, tmp_path: Path
) -> None:
    # By Socket Mode local-slack sends to every connection; by HTTP the event is sent again here.
    async with (
        composition.open_services(offline_settings(tmp_path)) as first,
        composition.open_services(offline_settings(tmp_path)) as second,
        bot_runner.bot(slack, first.services),
    ):
        if slack.by_socket:
            async with bot_runner.bot(slack, second.services):
                await people.paste(LINK)
                await people.paste(OTHER)
        else:
            question = await people.post(LINK)
            async with bot_runner.bot(slack, second.services):
                await slack.events.resend(question["ts"])
                await people.paste(OTHER)
    assert len(people.cards()) == 2


async def test_restarted_bot_does_not_answer_again(
    slack: LocalSlack, people: Workspace, tmp_path: Path
) -> None:
    async with (
        composition.open_services(offline_settings(tmp_path)) as opened,
        bot_runner.bot(slack, opened.services),
    ):
        card = await people.paste(LINK)
    async with (
        composition.open_services(offline_settings(tmp_path)) as opened,
        bot_runner.bot(slack, opened.services),
    ):
        await slack.events.resend(card["thread_ts"])
        await people.barrier()
        assert len(people.cards()) == 1
        await people.react(card, "saxophone")
        await people.until(lambda: "1 says jazz." in text_of(people.current(card)))


async def test_reply_that_failed_is_sent_when_slack_is_back(
    slack: LocalSlack, people: Workspace, app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "MAX_RETRIES", 0)  # to fail at once
    monkeypatch.setattr(posting, "RETRY_DELAYS", ())
    monkeypatch.setattr(delivery, "HAND_BACK_DELAY", 0.1)
    async with bot_runner.bot(slack, app.services):
        with blocked_features(app) as (started, proceed):
            question = await people.post(LINK)
            await started.wait()
            await slack.kill()
            proceed.set()
        await slack.start()
        async with workspace(slack) as restarted:
            (card,) = await restarted.wait_for_replies(1)
    assert card["thread_ts"] == question["ts"]
    assert "Old Town Road" in text_of(card)


async def test_reply_waits_for_a_short_outage(
    slack: LocalSlack, people: Workspace, app: FakeApp
) -> None:
    async with bot_runner.bot(slack, app.services):
        with blocked_features(app) as (started, proceed):
            question = await people.post(LINK)
            await started.wait()
            await slack.kill()
            proceed.set()
            await slack.start()
        async with workspace(slack) as restarted:
            await restarted.wait_for_replies(1)
            if slack.by_socket:
                await wait_for_socket(restarted)
            await slack.events.resend(question["ts"])
            await restarted.barrier()
            assert len(restarted.cards()) == 1


async def test_bot_reconnects_after_a_restart_of_slack(
    slack: LocalSlack, people: Workspace, app: FakeApp
) -> None:
    async with bot_runner.bot(slack, app.services):
        await people.paste(LINK)
        await slack.kill()
        await slack.start()
        async with workspace(slack) as restarted:
            if slack.by_socket:
                await wait_for_socket(restarted)
            # In another channel: local-slack restarts its timestamps, so one may occur twice.
            await restarted.paste(OTHER, channel=JAZZ)


async def test_bot_waits_for_an_unavailable_slack_at_start(slack: LocalSlack, app: FakeApp) -> None:
    await slack.kill()
    async with asyncio.TaskGroup() as group:
        group.create_task(slack.start())
        async with bot_runner.bot(slack, app.services), workspace(slack) as people:
            await people.paste(LINK)


@pytest.mark.parametrize("slack", ["socket"], indirect=True)
async def test_lost_connection_is_renewed_and_redelivered_event_is_answered_once(
    slack: LocalSlack, chat: Workspace, app: FakeApp
) -> None:
    with blocked_features(app) as (started, proceed):
        question = await chat.post(f"<@{BOT_USER}> {LINK}")
        await started.wait()
        await slack.events.disconnect()
        proceed.set()
        await chat.wait_for_replies(1)
    await chat.until(lambda: len(chat.log_lines("socket connected")) == 2)
    await slack.events.resend(question["ts"])
    await chat.barrier()
    assert len(chat.cards()) == 1


async def test_reply_in_progress_is_sent_before_the_bot_stops(
    slack: LocalSlack, people: Workspace, app: FakeApp
) -> None:
    with blocked_features(app) as (started, proceed):
        async with bot_runner.bot(slack, app.services):
            await people.post(LINK)
            await started.wait()
            proceed.set()
    assert slack.requests.paths.count("/api/reactions.add") == 4
