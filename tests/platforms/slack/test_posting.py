"""A reply is posted once: also when Slack is away for a while, or breaks off over it."""

import asyncio
import logging
from dataclasses import replace

import pytest

from bot import texts
from tests.platforms.slack.running import OFFERED, OTHER, REACT, SEND, Wire, signs, words
from tests.stubs.slack import faults
from tests.stubs.slack.server import RESPOND
from tests.stubs.slack.state import PAGE
from tests.stubs.slack.values import Json
from tests.support.fake_app import LINK

THREAD = "conversations.replies"
HISTORY = "conversations.history"


def cards(wire: Wire) -> list[Json]:
    """Return the cards that stand in the channel."""
    return [one for one in wire.stub.messages(wire.music) if "Old Town Road" in words(one)]


def troubles(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the bot logged besides information."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.INFO and record.name.startswith("bot")
    ]


@pytest.mark.parametrize(("after", "waited"), [(61, 61), (119, 119), ("soon", 1), (0, 1)])
async def test_a_rate_limit_is_waited_out_even_if_it_is_long(
    wire: Wire, no_patience: list[float], after: float | str, waited: float
) -> None:
    wire.stub.fail(SEND, faults.too_many(after))
    async with wire.bot():
        card = await wire.card(LINK)
    assert no_patience == [waited]
    assert cards(wire) == [card]


async def test_a_rate_limit_of_hours_is_given_up_with_a_line_in_the_log(
    wire: Wire, no_patience: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    wire.stub.fail(SEND, faults.too_many(3600))
    async with wire.bot():
        ts, _ = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.called(SEND)
        await wire.fence()
    assert troubles(caplog) == [f"message {ts}: not sent: ratelimited"]
    assert no_patience == []


async def test_a_slack_that_stays_away_is_given_up_after_two_minutes_of_tries(
    wire: Wire, no_patience: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    wire.stub.fail(SEND, faults.broken(502), times=6)
    async with wire.bot():
        ts, _ = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.called(SEND, 6)
        await wire.fence()
    assert troubles(caplog) == [f"message {ts}: not sent: SlackApiError"]
    assert 60 < sum(no_patience) <= 120
    assert cards(wire) == []


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize(
    "fault",
    [
        faults.broken(500),
        faults.broken(502),
        faults.broken(503),
        faults.broken(200, '{"ok":', "application/json"),
        faults.refused("fatal_error"),
        faults.hang_up(),
        faults.hang_up(early=True),
    ],
    ids=["500", "502", "503", "half an answer", "fatal", "cut within", "cut before"],
)
@pytest.mark.usefixtures("no_patience")
async def test_nobody_said_whether_a_card_was_posted_and_it_stands_there_once(
    wire: Wire, fault: faults.Fault, *, carried_out: bool
) -> None:
    wire.stub.fail(SEND, replace(fault, carried_out=carried_out))
    async with wire.bot():
        ts, _ = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.called(REACT, OFFERED)
        (card,) = cards(wire)
        assert len(signs(card, wire.team.bot_user)) == OFFERED
        assert len(wire.stub.state.files) == 1
        await wire.fence()
        wire.people.delete(wire.music, ts)
        await wire.stub.called("chat.delete")
    assert cards(wire) == []


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.usefixtures("no_patience")
async def test_a_card_whose_answer_was_lost_is_found_in_a_long_thread(
    wire: Wire, *, carried_out: bool
) -> None:
    ts = wire.people.write(wire.music, wire.bob, LINK)["ts"]
    for number in range(2 * PAGE):
        wire.people.write(wire.music, wire.ada, f"reply {number}", ts)
    wire.stub.fail(SEND, faults.hang_up(early=True, carried_out=carried_out))
    async with wire.bot():
        wire.shortcut(wire.music, wire.stub.state.messages[wire.music.id, ts])
        await wire.stub.called(REACT, OFFERED)
    assert len(cards(wire)) == 1
    assert len(wire.stub.asked(THREAD)) == 3


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.usefixtures("no_patience")
async def test_the_card_of_a_command_is_looked_for_in_the_channel(
    wire: Wire, *, carried_out: bool
) -> None:
    wire.stub.fail(SEND, faults.hang_up(early=True, carried_out=carried_out))
    async with wire.bot():
        wire.people.command(wire.music, wire.ada, LINK)
        await wire.stub.called(REACT, OFFERED)
    assert len(cards(wire)) == 1
    assert len(wire.stub.asked(HISTORY)) == 1


@pytest.mark.usefixtures("no_patience")
async def test_where_a_card_cannot_be_looked_for_it_is_not_sent_again(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.team.scopes.remove("channels:history")  # so the link is told of by link_shared
    wire.stub.fail(SEND, faults.hang_up(early=True, carried_out=True))
    async with wire.bot():
        ts, _ = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.called(THREAD)
        await wire.fence()
    assert troubles(caplog) == [f"message {ts}: not sent: ServerDisconnectedError"]
    assert len(cards(wire)) == 1
    assert len(wire.stub.asked(THREAD)) == 1


@pytest.mark.usefixtures("no_patience")
async def test_while_it_cannot_be_looked_for_nothing_is_sent(wire: Wire) -> None:
    wire.stub.fail(SEND, faults.hang_up(early=True, carried_out=True))
    wire.stub.fail(THREAD, faults.broken(502), times=2)
    async with wire.bot():
        await wire.card(LINK)
    assert len(cards(wire)) == 1
    assert len(wire.stub.asked(SEND)) == 1


@pytest.mark.usefixtures("no_patience")
async def test_plain_words_that_may_stand_there_are_not_sent_again(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.stub.fail(SEND, faults.refused("invalid_blocks"))
    wire.stub.fail(SEND, faults.hang_up(early=True, carried_out=True))
    async with wire.bot():
        ts, _ = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.called(SEND, 2)
        await wire.fence()
    assert troubles(caplog)[1:] == [f"message {ts}: not sent: ServerDisconnectedError"]
    assert len(wire.stub.messages(wire.music)) == 2  # with the answer to the fence


async def test_a_card_that_waits_holds_nobody_up_and_goes_with_its_question(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_: float) -> None:
        begun.set()
        await go_on.wait()

    monkeypatch.setattr("bot.platforms.slack.posting.sleep", wait)
    wire.stub.fail(SEND, faults.too_many(30))
    async with wire.bot():
        ts, _ = wire.people.post(wire.music, wire.ada, LINK)
        await wire.soon(begun.wait())
        await wire.card(OTHER)
        await wire.stub.taken(wire.people.delete(wire.music, ts))
        await wire.fence()
        before = len(wire.stub.asked(SEND))
        go_on.set()
        await wire.fence()
    assert len(wire.stub.asked(SEND)) == before + 1  # the answer to the fence


async def test_an_answer_through_a_response_url_waits_for_a_rate_limit(
    wire: Wire, no_patience: list[float]
) -> None:
    wire.stub.fail(RESPOND, faults.too_many(3))
    async with wire.bot():
        said = await wire.told(wire.people.command(wire.music, wire.ada, "nothing of the sort"))
    assert said
    assert [3 <= seconds < 4 for seconds in no_patience] == [True]


@pytest.mark.parametrize("status", [404, 500])
async def test_an_answer_that_a_response_url_does_not_take_is_a_line_in_the_log(
    wire: Wire, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    wire.stub.fail(RESPOND, faults.broken(status))
    async with wire.bot():
        asked = wire.people.command(wire.music, wire.ada, "help")
        await wire.stub.called(RESPOND)
        await wire.stub.taken([asked])
        await wire.fence()
    assert troubles(caplog) == [f"response_url: reply not accepted: status {status}"]


@pytest.mark.usefixtures("no_patience")
async def test_a_card_that_a_response_url_does_not_take_is_apologised_for(wire: Wire) -> None:
    elsewhere = wire.people.channel(wire.team, joined=False)
    wire.stub.fail(RESPOND, faults.broken(500))
    async with wire.bot():
        asked = wire.people.command(elsewhere, wire.ada, LINK)
        assert await wire.told(asked) == texts.TRY_AGAIN


async def test_a_choice_counts_although_nobody_can_be_told_so(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.stub.fail(RESPOND, faults.broken(404))
        wire.choose(card, wire.bob, "jazz")
        await wire.shows(card, "You say: jazz (1).")
