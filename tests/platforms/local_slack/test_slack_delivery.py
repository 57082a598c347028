"""Events that come twice, or late: duplicates, a stand-in that dies, a line that is cut."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.domain.tracks import AudioFeatures, Track
from bot.platforms.slack import failures, posting
from bot.runtime import composition
from tests.scenario.drivers import offline_settings
from tests.stubs.local_slack import bot_runner
from tests.stubs.local_slack.server import BEN, BOT_USER, JAZZ, LocalSlack
from tests.stubs.local_slack.workspace import Workspace, text_of, workspace
from tests.support.factories import HEROES
from tests.support.fake_app import LINK, FakeApp

OTHER = f"spotify:track:{HEROES}"


@contextmanager
def blocked_features(app: FakeApp) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
    """Lend two events: an answer is being looked for, and may be found."""
    started, proceed = asyncio.Event(), asyncio.Event()
    known = app.features.features

    async def features(track: Track) -> AudioFeatures | None:
        started.set()
        await proceed.wait()
        return await known(track)

    app.features.features = features  # type: ignore[method-assign] # until the block ends
    try:
        yield started, proceed
    finally:
        app.features.features = known  # type: ignore[method-assign] # as it was


async def connected(people: Workspace) -> None:
    """Wait until a bot holds a connection to the stand-in, where it needs one."""
    await people.until(lambda: people.log_lines("socket connected"))


async def test_a_message_that_is_delivered_again_is_answered_once(
    slack: LocalSlack, chat: Workspace, app: FakeApp
) -> None:
    with blocked_features(app) as (started, proceed):
        asked = await chat.post(LINK)
        await started.wait()
        await slack.events.resend(asked["ts"])
        proceed.set()
        await chat.wait_for_replies(1)
    await slack.events.resend(asked["ts"])
    await chat.barrier()
    assert len(chat.cards()) == 1


async def test_a_reaction_that_is_delivered_again_after_it_was_taken_back_does_not_count(
    slack: LocalSlack, chat: Workspace
) -> None:
    card = await chat.paste(LINK)
    await chat.react(card, "saxophone")
    await chat.until(lambda: "jazz (1)" in text_of(chat.current(card)))
    await chat.react(card, "saxophone", added=False)
    await chat.until(lambda: "You say" not in text_of(chat.current(card)))
    await slack.events.resend('"reaction_added"')
    await chat.react(card, "blue_heart", user=BEN)
    await chat.until(lambda: "You say: blues (1)." in text_of(chat.current(card)))


async def test_two_bots_on_one_database_answer_once(
    slack: LocalSlack, people: Workspace, tmp_path: Path
) -> None:
    # By Socket Mode local-slack tells every connection; by HTTP the second is told here.
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
            asked = await people.post(LINK)
            async with bot_runner.bot(slack, second.services):
                await slack.events.resend(asked["ts"])
                await people.paste(OTHER)
    assert len(people.cards()) == 2


async def test_a_bot_that_was_restarted_knows_what_it_answered(
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
        await people.until(lambda: "You say: jazz (1)." in text_of(people.current(card)))


async def test_an_event_whose_answer_found_nobody_there_is_answered_when_it_comes_again(
    slack: LocalSlack, people: Workspace, app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        failures, "MAX_RETRIES", 0
    )  # how long to go on trying is not the point here
    monkeypatch.setattr(posting, "RETRY_DELAYS", ())
    forgotten = asyncio.Event()
    forget = app.events.forget

    async def told(event_id: str) -> None:
        await forget(event_id)
        forgotten.set()

    monkeypatch.setattr(app.events, "forget", told)
    async with bot_runner.bot(slack, app.services):
        with blocked_features(app) as (started, proceed):
            asked = await people.post(LINK)
            await started.wait()
            await slack.kill()
            proceed.set()
            await asyncio.wait_for(forgotten.wait(), 10)
        await slack.start()
        async with workspace(slack) as again:
            if slack.by_socket:
                await connected(again)
            await slack.events.resend(asked["ts"])
            (card,) = await again.wait_for_replies(1)
    assert card["thread_ts"] == asked["ts"]
    assert "Old Town Road" in text_of(card)


async def test_an_answer_waits_for_a_stand_in_that_is_back_soon(
    slack: LocalSlack, people: Workspace, app: FakeApp
) -> None:
    async with bot_runner.bot(slack, app.services):
        with blocked_features(app) as (started, proceed):
            asked = await people.post(LINK)
            await started.wait()
            await slack.kill()
            proceed.set()
            await slack.start()
        async with workspace(slack) as again:
            await again.wait_for_replies(1)
            if slack.by_socket:
                await connected(again)
            await slack.events.resend(asked["ts"])
            await again.barrier()
            assert len(again.cards()) == 1


async def test_the_bot_answers_after_the_stand_in_was_restarted(
    slack: LocalSlack, people: Workspace, app: FakeApp
) -> None:
    async with bot_runner.bot(slack, app.services):
        await people.paste(LINK)
        await slack.kill()
        await slack.start()
        async with workspace(slack) as again:
            if slack.by_socket:
                await connected(again)
            # local-slack begins to count anew: a message of that channel may get an id it had.
            await again.paste(OTHER, channel=JAZZ)


async def test_the_bot_waits_for_a_slack_that_is_away_when_it_starts(
    slack: LocalSlack, app: FakeApp
) -> None:
    await slack.kill()
    async with asyncio.TaskGroup() as group:
        group.create_task(slack.start())
        async with bot_runner.bot(slack, app.services), workspace(slack) as people:
            await people.paste(LINK)


@pytest.mark.parametrize("slack", ["socket"], indirect=True)
async def test_a_line_that_is_cut_is_made_again_and_loses_nothing_that_comes_again(
    slack: LocalSlack, chat: Workspace, app: FakeApp
) -> None:
    with blocked_features(app) as (started, proceed):
        asked = await chat.post(f"<@{BOT_USER}> {LINK}")
        await started.wait()
        await slack.events.disconnect()
        proceed.set()
        await chat.wait_for_replies(1)
    await chat.until(lambda: len(chat.log_lines("socket connected")) == 2)
    await slack.events.resend(asked["ts"])
    await chat.barrier()
    assert len(chat.cards()) == 1


async def test_an_answer_that_was_begun_is_given_before_the_bot_stops(
    slack: LocalSlack, people: Workspace, app: FakeApp
) -> None:
    with blocked_features(app) as (started, proceed):
        async with bot_runner.bot(slack, app.services):
            await people.post(LINK)
            await started.wait()
            proceed.set()
    assert slack.requests.paths.count("/api/reactions.add") == 4
