"""Failed requests are retried, or abandoned with a log line; nothing is sent twice."""

import logging

import pytest

from bot.platforms.discord.delivery import HAND_BACK_DELAY
from tests.platforms.discord.wire.running import OTHER_LINK, REACT, Wire, text_of, warnings
from tests.stubs.discord import faults
from tests.stubs.discord.objects import Permission
from tests.stubs.discord.rest import CALLBACK, MESSAGE, MESSAGES, ORIGINAL
from tests.support.fake_app import LINK

SEND = ("POST", MESSAGES)


def statuses(wire: Wire) -> list[int]:
    return [call.status for call in wire.stub.calls_to(*SEND)]


async def failure_line(wire: Wire, caplog: pytest.LogCaptureFixture, *, attempts: int = 1) -> str:
    """Paste a link that cannot be answered; return the end of the log line about it."""
    question_id = wire.actions.post(wire.music, wire.ada, LINK)
    await wire.stub.until(lambda: len(wire.stub.calls_to(*SEND)) >= attempts)
    await wire.drain()
    assert len(wire.stub.messages(wire.music)) == 1  # the reply that drain() causes
    (line,) = warnings(caplog)
    start = f"message {question_id}: not sent"
    assert line.startswith(start)
    return line.removeprefix(start)


@pytest.mark.parametrize("is_global", [False, True])
async def test_card_is_sent_once_after_a_rate_limit(wire: Wire, *, is_global: bool) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.rate_limited(0.02, is_global=is_global), times=2)
        card = await wire.card(LINK)
    assert wire.stub.messages(wire.music) == [wire.current(card)]
    assert statuses(wire) == [429, 429, 200]
    assert wire.stub.file_contents(card) == [b"Old Town Road - Remix dark"]


async def test_reactions_are_added_after_a_rate_limit(wire: Wire) -> None:
    async with wire.bot():
        wire.stub.fail(*REACT, faults.rate_limited(0.01))
        wire.actions.post(wire.music, wire.ada, LINK)
        await wire.stub.wait_for_calls(*REACT, 5)
    (card,) = wire.stub.messages(wire.music)
    assert len(card["reactions"]) == 4


async def test_rate_limit_of_more_than_a_minute_is_waited_for(
    wire: Wire, recorded_sleeps: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.rate_limited(61))
        await wire.card(LINK)
    assert 61 in recorded_sleeps
    assert "RateLimited" in caplog.text


@pytest.mark.parametrize("status", [500, 502])
@pytest.mark.parametrize("processed", [False, True])
async def test_send_is_retried_after_server_errors_and_displayed_once(
    wire: Wire, recorded_sleeps: list[float], status: int, *, processed: bool
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.http_error(status, processed=processed), times=2)
        await wire.card(LINK)
        await wire.drain()
    assert 1 in recorded_sleeps
    assert len(statuses(wire)) == 4
    assert len(wire.stub.messages(wire.music)) == 2  # the card and the reply that drain() causes


@pytest.mark.usefixtures("recorded_sleeps")
async def test_send_fails_after_its_last_attempt(
    wire: Wire, caplog: pytest.LogCaptureFixture, recorded_sleeps: list[float]
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.http_error(500), times=15)
        assert "Discord is unreachable" in await failure_line(wire, caplog, attempts=15)
    assert 1 in recorded_sleeps


@pytest.mark.parametrize("processed", [False, True])
async def test_card_is_sent_again_completely_after_a_lost_connection(
    wire: Wire, caplog: pytest.LogCaptureFixture, *, processed: bool
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.connection_lost(processed=processed))
        card = await wire.card(LINK)
        wire.actions.react(card["id"], wire.ada, "\N{BANJO}")
        await wire.drain()
    assert [("Old Town Road" in text) for text in wire.texts(wire.music)] == [True, False]
    assert wire.stub.file_contents(card) == [b"Old Town Road - Remix dark"]
    assert wire.app.votes.ballots  # the card was stored: reactions on it count
    assert warnings(caplog) == []


async def test_lost_connections_do_not_lead_to_another_form_of_the_card(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.connection_lost(), times=3)
        assert "Discord is unreachable" in await failure_line(wire, caplog, attempts=3)


@pytest.mark.parametrize("status", [503, 520])
async def test_card_is_sent_after_a_short_outage(
    wire: Wire, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.http_error(status), times=2)
        card = await wire.card(LINK)
    assert wire.stub.file_contents(card) == [b"Old Town Road - Remix dark"]
    assert warnings(caplog) == []


async def test_card_without_permission_to_attach_files_has_bars(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.actions.deny(wire.music, Permission.ATTACH_FILES)
    async with wire.bot():
        card = await wire.card(LINK)
    assert wire.stub.file_contents(card) == []
    assert "█" in text_of(card)
    assert "Old Town Road" in text_of(card)
    assert warnings(caplog) == []


async def test_no_reply_without_permission_to_send_messages(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.actions.deny(wire.music, Permission.SEND_MESSAGES)
    caplog.set_level("INFO", "bot")
    async with wire.bot():
        question_id = wire.actions.post(wire.music, wire.ada, LINK)
        await wire.card(LINK, wire.actions.channel(wire.guild, "jazz"))
    assert statuses(wire) == [200]  # of the other channel: refused requests count against the bot
    (line,) = (line for line in caplog.messages if question_id in line)
    assert "no permission to send messages" in line


async def test_card_without_permission_to_react_has_no_reactions(wire: Wire) -> None:
    wire.actions.deny(wire.music, Permission.ADD_REACTIONS)
    async with wire.bot():
        wire.actions.post(wire.music, wire.ada, LINK)
        await wire.stub.wait_for_calls(*REACT)
        await wire.drain()
    assert "reactions" not in wire.stub.messages(wire.music)[0]


async def test_answer_without_permission_to_read_history_references_no_message(
    wire: Wire,
) -> None:
    wire.actions.deny(wire.music, Permission.READ_MESSAGE_HISTORY)
    async with wire.bot():
        wire.actions.post(wire.music, wire.ada, LINK)
        (card,) = await wire.stub.wait_for_messages(wire.music)
    assert "Old Town Road" in text_of(card)


async def test_channel_deleted_while_a_card_is_made_is_logged(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    deleted = wire.actions.channel(wire.guild, "deleted")
    with wire.slow_chart() as (started, proceed):
        async with wire.bot():
            question_id = wire.actions.post(deleted, wire.ada, LINK)
            await wire.with_timeout(started.wait())
            wire.actions.delete_channel(deleted)
            proceed.set()
            await wire.stub.wait_for_calls(*SEND)
            await wire.drain()
    (line,) = warnings(caplog)
    assert line == f"message {question_id}: not sent as view+file: NotFound 404, code 10003"


async def test_question_deleted_while_its_card_is_made_is_not_answered(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    with wire.slow_chart() as (started, proceed):
        async with wire.bot():
            question_id = wire.actions.post(wire.music, wire.ada, LINK)
            await wire.with_timeout(started.wait())
            wire.actions.delete(question_id)
            proceed.set()
            await wire.drain()
    assert len(wire.stub.messages(wire.music)) == 1  # the reply that drain() causes
    assert len(warnings(caplog)) <= 1


async def test_card_deleted_before_it_displays_a_vote_is_logged(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot.platforms.discord.delivery")
    async with wire.bot():
        card = await wire.card(LINK)
        caplog.clear()
        wire.stub.fail(
            "PATCH", MESSAGE, faults.Fault(404, {"message": "Unknown Message", "code": 10008})
        )
        wire.actions.react(card["id"], wire.bob, "🎷")
        await wire.stub.wait_for_calls("PATCH", MESSAGE)
        await wire.drain()
    assert caplog.messages == ["card 1: not refreshed: NotFound 404, code 10008"]


async def test_interaction_that_expired_before_it_was_received_is_logged(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot")
    async with wire.bot():
        interaction = wire.actions.command("genre", wire.ada, wire.music, song=LINK)
        interaction.expired = True
        await wire.stub.wait_for_calls("POST", CALLBACK)
        await wire.drain()
    assert len(wire.stub.calls_to("POST", CALLBACK)) == 1
    assert (
        f"interaction {interaction.id}: not acknowledged: NotFound 404, code 10062" in caplog.text
    )
    assert wire.app.predictions.cards == {}


async def test_late_autocompletion_is_logged_without_user_and_text(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot():
        interaction = wire.actions.autocomplete("genre", wire.ada, wire.music, song="hero")
        interaction.expired = True
        await wire.stub.wait_for_calls("POST", CALLBACK)
        await wire.drain()
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert record.getMessage() == "not sent: NotFound 404, code 10062"
    assert wire.ada.id not in caplog.text


async def test_token_that_expires_while_a_card_is_made_is_logged(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    with wire.slow_chart() as (started, proceed):
        async with wire.bot():
            interaction = wire.actions.command("genre", wire.ada, wire.music, song=LINK)
            await wire.with_timeout(started.wait())
            interaction.expired = True
            proceed.set()
            await wire.stub.wait_for_calls("PATCH", ORIGINAL)
            await wire.drain()
    assert warnings(caplog)[0].startswith(
        f"message {interaction.id}: not sent as view+file: HTTPException"
    )
    assert not any("Traceback" in line for line in warnings(caplog))


@pytest.mark.usefixtures("recorded_sleeps")
async def test_card_is_sent_once_after_an_outage_and_the_next_link_is_answered(
    wire: Wire,
) -> None:
    with wire.slow_chart() as (started, proceed):
        async with wire.bot():
            wire.actions.post(wire.music, wire.ada, LINK)
            await wire.with_timeout(started.wait())
            wire.stub.down = True
            await wire.stub.wait_for_disconnection()
            wire.stub.gateway.down = False
            wire.stub.fail(*SEND, faults.http_error(503))
            wire.stub.fail(*SEND, faults.connection_lost())
            proceed.set()
            await wire.stub.wait_for_messages(wire.music)
            await wire.stub.wait_for_sessions()
            await wire.card(OTHER_LINK)
    texts_in_channel = wire.texts(wire.music)
    assert [
        [title in text for title in ("Old Town Road", "Heroes")] for text in texts_in_channel
    ] == [
        [True, False],
        [False, True],
    ]


async def test_command_is_answered_when_discord_is_reachable_again(
    wire: Wire, recorded_sleeps: list[float]
) -> None:
    async with wire.bot():
        wire.stub.fail("PATCH", ORIGINAL, faults.connection_lost(), times=3)
        interaction = wire.actions.command("genre", wire.ada, wire.music, song=LINK)
        (response,) = await wire.stub.wait_for_responses(interaction)
    assert "Old Town Road" in text_of(response)
    assert HAND_BACK_DELAY in recorded_sleeps
