"""Requests that fail: they are waited for, or given up with a line in the log; none is doubled."""

import logging

import pytest

from bot import texts
from tests.platforms.discord.wire.running import OTHER, REACT, Wire, warnings, words
from tests.stubs.discord import faults
from tests.stubs.discord.rest import CALLBACK, MESSAGE, MESSAGES, ORIGINAL
from tests.stubs.discord.values import Permission
from tests.support.fake_app import LINK

SEND = ("POST", MESSAGES)


def statuses(wire: Wire) -> list[int]:
    return [call.status for call in wire.stub.asked(*SEND)]


async def given_up(wire: Wire, caplog: pytest.LogCaptureFixture, *, tries: int = 1) -> str:
    """Paste a link that cannot be answered; return the one line that says so, less its start."""
    asked = wire.people.post(wire.music, wire.ada, LINK)
    await wire.stub.until(lambda: len(wire.stub.asked(*SEND)) >= tries)
    await wire.fence()
    assert len(wire.stub.messages(wire.music)) == 1  # the answer to the fence
    (line,) = warnings(caplog)
    start = f"message {asked}: not sent"
    assert line.startswith(start)
    return line.removeprefix(start)


@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_rate_limit_is_waited_out_and_the_card_sent_once(
    wire: Wire, *, everywhere: bool
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.too_many(0.02, everywhere=everywhere), times=2)
        card = await wire.card(LINK)
    assert wire.stub.messages(wire.music) == [wire.now(card)]
    assert statuses(wire) == [429, 429, 200]
    assert wire.stub.data(card) == [b"Old Town Road - Remix dark"]


async def test_a_rate_limit_on_reactions_is_waited_out(wire: Wire) -> None:
    async with wire.bot():
        wire.stub.fail(*REACT, faults.too_many(0.01))
        wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.called(*REACT, 5)
    (card,) = wire.stub.messages(wire.music)
    assert len(card["reactions"]) == 4


async def test_a_rate_limit_of_more_than_a_minute_is_given_up_with_a_line_in_the_log(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.too_many(61))
        assert "RateLimited" in await given_up(wire, caplog)


@pytest.mark.parametrize("status", [500, 502])
@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_send_that_discord_breaks_over_is_tried_again_and_seen_once(
    wire: Wire, no_patience: list[float], status: int, *, carried_out: bool
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.broken(status, carried_out=carried_out), times=2)
        await wire.card(LINK)
        await wire.fence()
    assert 1 in no_patience
    assert len(statuses(wire)) == 4
    assert len(wire.stub.messages(wire.music)) == 2  # the card, and the answer to the fence


@pytest.mark.usefixtures("no_patience")
async def test_a_send_that_never_succeeds_is_given_up(
    wire: Wire, caplog: pytest.LogCaptureFixture, no_patience: list[float]
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.broken(500), times=15)
        assert "Discord is unreachable" in await given_up(wire, caplog, tries=15)
    assert 1 in no_patience


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_card_whose_connection_breaks_is_sent_again_whole_and_seen_once(
    wire: Wire, caplog: pytest.LogCaptureFixture, *, carried_out: bool
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.hang_up(carried_out=carried_out))
        card = await wire.card(LINK)
        wire.people.react(card["id"], wire.ada, "\N{BANJO}")
        await wire.fence()
    assert [("Old Town Road" in text) for text in wire.said(wire.music)] == [True, False]
    assert wire.stub.data(card) == [b"Old Town Road - Remix dark"]
    assert wire.app.votes.ballots  # it is known: reactions on it count
    assert warnings(caplog) == []


async def test_a_connection_that_breaks_each_time_is_no_reason_to_try_another_form(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.hang_up(), times=3)
        assert "Discord is unreachable" in await given_up(wire, caplog, tries=3)


@pytest.mark.parametrize("status", [503, 520])
async def test_a_card_that_discord_is_out_of_order_for_is_sent_when_it_is_back(
    wire: Wire, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    async with wire.bot():
        wire.stub.fail(*SEND, faults.broken(status), times=2)
        card = await wire.card(LINK)
    assert wire.stub.data(card) == [b"Old Town Road - Remix dark"]
    assert warnings(caplog) == []


async def test_where_files_are_not_allowed_the_card_has_bars_for_a_picture(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.people.deny(wire.music, Permission.ATTACH_FILES)
    async with wire.bot():
        card = await wire.card(LINK)
    assert card["attachments"] == []
    assert "█" in words(card)
    assert "Old Town Road" in words(card)
    assert warnings(caplog) == []


async def test_where_the_bot_may_not_speak_it_is_silent_and_logs_one_line(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.people.deny(wire.music, Permission.SEND_MESSAGES)
    caplog.set_level("INFO", "bot")
    async with wire.bot():
        asked = wire.people.post(wire.music, wire.ada, LINK)
        await wire.card(LINK, wire.people.channel(wire.guild, "jazz"))
    assert statuses(wire) == [200]  # the card elsewhere: no refusal counts against the bot
    (line,) = (line for line in caplog.messages if asked in line)
    assert "no permission to send messages" in line


async def test_where_the_bot_may_not_react_the_card_stands_without_reactions(wire: Wire) -> None:
    wire.people.deny(wire.music, Permission.ADD_REACTIONS)
    async with wire.bot():
        wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.called(*REACT)
        await wire.fence()
    assert "reactions" not in wire.stub.messages(wire.music)[0]


async def test_where_the_bot_may_not_read_the_past_it_answers_without_pointing_at_the_question(
    wire: Wire,
) -> None:
    wire.people.deny(wire.music, Permission.READ_MESSAGE_HISTORY)
    async with wire.bot():
        wire.people.post(wire.music, wire.ada, LINK)
        (card,) = await wire.stub.sent(wire.music)
    assert "Old Town Road" in words(card)


async def test_a_channel_that_is_deleted_while_a_card_is_made_is_a_line_in_the_log(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    gone = wire.people.channel(wire.guild, "gone")
    with wire.slow_chart() as (begun, go_on):
        async with wire.bot():
            asked = wire.people.post(gone, wire.ada, LINK)
            await wire.soon(begun.wait())
            wire.people.delete_channel(gone)
            go_on.set()
            await wire.stub.called(*SEND)
            await wire.fence()
    (line,) = warnings(caplog)
    assert line == f"message {asked}: not sent as view+file: NotFound 404, code 10003"


async def test_a_question_that_is_deleted_while_its_card_is_made_is_not_answered(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    with wire.slow_chart() as (begun, go_on):
        async with wire.bot():
            asked = wire.people.post(wire.music, wire.ada, LINK)
            await wire.soon(begun.wait())
            wire.people.delete(asked)
            go_on.set()
            await wire.fence()
    assert len(wire.stub.messages(wire.music)) == 1  # the answer to the fence
    assert len(warnings(caplog)) <= 1


async def test_a_card_that_is_deleted_before_it_shows_a_vote_is_a_line_in_the_log(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot.platforms.discord.delivery")
    async with wire.bot():
        card = await wire.card(LINK)
        caplog.clear()
        wire.stub.fail("PATCH", MESSAGE, faults.Fault(404, {"message": "Gone", "code": 10008}))
        wire.people.react(card["id"], wire.bob, "🎷")
        await wire.stub.called("PATCH", MESSAGE)
        await wire.fence()
    assert caplog.messages == ["card 1: not refreshed: NotFound 404, code 10008"]


async def test_an_interaction_that_expired_before_it_was_heard_is_a_line_in_the_log(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot():
        asked = wire.people.command("genre", wire.ada, wire.music, song=LINK)
        asked.expired = True
        await wire.stub.called("POST", CALLBACK)
        await wire.fence()
    assert len(wire.stub.asked("POST", CALLBACK)) == 1
    assert warnings(caplog) == [f"interaction {asked.id}: expired: NotFound 404, code 10062"]


async def test_suggestions_that_come_too_late_are_logged_without_who_typed_what(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot():
        typed = wire.people.autocomplete("genre", wire.ada, wire.music, song="hero")
        typed.expired = True
        await wire.stub.called("POST", CALLBACK)
        await wire.fence()
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert record.getMessage() == "not sent: NotFound 404, code 10062"
    assert wire.ada.id not in caplog.text


async def test_a_token_that_expires_while_a_card_is_made_is_a_line_in_the_log(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    with wire.slow_chart() as (begun, go_on):
        async with wire.bot():
            asked = wire.people.command("genre", wire.ada, wire.music, song=LINK)
            await wire.soon(begun.wait())
            asked.expired = True
            go_on.set()
            await wire.stub.called("PATCH", ORIGINAL)
            await wire.fence()
    assert warnings(caplog)[0].startswith(
        f"message {asked.id}: not sent as view+file: HTTPException"
    )
    assert not any("Traceback" in line for line in warnings(caplog))


@pytest.mark.usefixtures("no_patience")
async def test_the_card_of_an_outage_arrives_once_and_the_next_link_is_answered(
    wire: Wire,
) -> None:
    with wire.slow_chart() as (begun, go_on):
        async with wire.bot():
            wire.people.post(wire.music, wire.ada, LINK)
            await wire.soon(begun.wait())
            wire.stub.down = True
            await wire.stub.disconnected()
            wire.stub.gateway.down = False
            wire.stub.fail(*SEND, faults.broken(503))
            wire.stub.fail(*SEND, faults.hang_up())
            go_on.set()
            await wire.stub.sent(wire.music)
            await wire.stub.connected()
            await wire.card(OTHER)
    said = wire.said(wire.music)
    assert [[title in text for title in ("Old Town Road", "Heroes")] for text in said] == [
        [True, False],
        [False, True],
    ]


async def test_a_command_whose_card_cannot_be_sent_ends_in_a_sentence(wire: Wire) -> None:
    async with wire.bot():
        wire.stub.fail("PATCH", ORIGINAL, faults.hang_up(), times=3)
        asked = wire.people.command("genre", wire.ada, wire.music, song=LINK)
        (answer,) = await wire.stub.answered(asked)
    assert words(answer).strip() == texts.TRY_AGAIN
