"""What Slack refuses, limits and breaks: nothing is lost for want of patience, none hangs."""

import logging

import pytest

from bot.domain.cards import Card
from bot.platforms.slack import present
from tests.platforms.slack.running import OFFERED, OTHER, REACT, SEND, Wire, signs
from tests.stubs.slack import blocks, faults
from tests.stubs.slack.server import UPLOAD
from tests.stubs.slack.web_api import check
from tests.support.factories import OLD_TOWN_ROAD, answer, track
from tests.support.fake_app import LINK

STEPS = ("files.getUploadURLExternal", UPLOAD, "files.completeUploadExternal")
ODD = {
    "long": "n" * 4000,
    "right to left": "\u202e" + "\u05e9\u05dc\u05d5\u05dd " * 100,
    "mentions": "<!channel> <@U1> <#C1|x> @here",
    "markup": "*b* _i_ ~s~ `c` > q\n```x``` :wave: <https://evil.example|Spotify>",
    "entities": "&lt;!channel&gt; &amp; \x00\x1b[0m",
    "empty": "",
    "emoji": "\N{HEADPHONE}" * 300,
}


def troubles(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the bot logged besides information."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.INFO and record.name.startswith("bot")
    ]


async def test_a_rate_limit_is_waited_out_and_the_card_sent_once(
    wire: Wire, no_patience: list[float]
) -> None:
    wire.stub.fail(SEND, faults.too_many(7), times=2)
    async with wire.bot():
        card = await wire.card(LINK)
    assert [7 <= seconds < 8 for seconds in no_patience] == [True, True]
    assert wire.stub.messages(wire.music) == [card]


@pytest.mark.parametrize("method", [REACT, *STEPS[::2]])
async def test_a_rate_limit_on_what_goes_with_a_card_is_waited_out(
    wire: Wire, no_patience: list[float], method: str
) -> None:
    wire.stub.fail(method, faults.too_many(3))
    async with wire.bot():
        wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.until(
            lambda: any(
                len(signs(card, wire.team.bot_user)) == OFFERED
                for card in wire.stub.messages(wire.music)
            )
        )
    assert len(no_patience) == 1
    assert len(wire.stub.state.files) == 1


async def test_blocks_that_slack_refuses_become_plain_words(wire: Wire) -> None:
    wire.stub.fail(SEND, faults.refused("invalid_blocks"))
    async with wire.bot():
        card = await wire.card(LINK)
    call = wire.stub.asked(SEND)[-1]
    assert card["blocks"] == []
    assert "country" in card["text"]
    assert "64" in card["text"]
    assert call.arguments["mrkdwn"] is False


@pytest.mark.parametrize(
    "code", ["not_in_channel", "channel_not_found", "is_archived", "restricted_action"]
)
async def test_a_channel_that_takes_no_answer_is_a_line_in_the_log(
    wire: Wire, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    wire.stub.fail(SEND, faults.refused(code))
    async with wire.bot():
        ts, _ = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.called(SEND)
        await wire.fence()
    assert troubles(caplog) == [f"message {ts}: not sent: {code}"]


@pytest.mark.parametrize("scope", ["files:write", "reactions:write"])
async def test_a_scope_that_is_missing_costs_what_it_is_for_and_no_more(
    wire: Wire, scope: str
) -> None:
    wire.team.scopes.remove(scope)
    async with wire.bot():
        wire.people.post(wire.music, wire.ada, LINK)
        (card,) = await wire.stub.sent(wire.music)
        await wire.stub.called(REACT)
        await wire.fence()
    assert bool(card["reactions"]) is (scope != "reactions:write")
    assert bool(wire.stub.state.files) is (scope != "files:write")


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        *((step, faults.refused("internal_error")) for step in STEPS[::2]),
        *((step, faults.broken(502)) for step in STEPS),
        *((step, faults.hang_up()) for step in STEPS),
    ],
)
@pytest.mark.usefixtures("no_patience")
async def test_an_upload_that_fails_at_any_step_leaves_a_card_without_chart(
    wire: Wire, step: str, fault: faults.Fault
) -> None:
    wire.stub.fail(step, fault, times=9)
    async with wire.bot():
        card = await wire.card(LINK)
    assert len(signs(card, wire.team.bot_user)) == OFFERED
    assert not any(file.shared for file in wire.stub.state.files.values())


async def test_a_chart_that_cannot_be_drawn_leaves_a_card_without_it(wire: Wire) -> None:
    wire.app.renderer.broken = True
    async with wire.bot():
        await wire.card(LINK)
    assert wire.stub.state.files == {}


async def test_a_reaction_that_somebody_put_there_first_stops_none_of_the_others(
    wire: Wire,
) -> None:
    wire.stub.fail(REACT, faults.refused("already_reacted"))
    async with wire.bot():
        card = await wire.card(LINK)
    assert len(signs(card, wire.team.bot_user)) == OFFERED - 1


@pytest.mark.parametrize("title", ODD.values(), ids=ODD)
async def test_no_title_breaks_a_rule_or_calls_anybody(wire: Wire, title: str) -> None:
    wire.app.lookup.tracks[0] = track(title=title, artists=(title, "Somebody"))
    async with wire.bot():
        card = await wire.card(LINK)
        wire.people.react(wire.music, card["ts"], wire.bob, "saxophone")
        await wire.shows(card, "jazz (1)")
        wire.people.open_home(wire.team, wire.ada)
        await wire.stub.called("views.publish")
    markup = "\n".join(blocks.texts(card["blocks"], "mrkdwn"))
    assert "evil.example" not in markup
    assert "wave" not in markup
    assert not blocks.MENTION.search(card["text"])


@pytest.mark.parametrize("title", ODD.values(), ids=ODD)
def test_no_title_calls_anybody_in_plain_words_either(title: str) -> None:
    check({"text": present.plain_text(answer(subject=track(title=title, artists=(title,))))})


def test_a_cover_and_a_link_that_are_none_are_left_out() -> None:
    odd = track(OLD_TOWN_ROAD, image="javascript:x", url="spotify:track:1")
    laid_out = present.card(Card(1, answer(subject=odd)), {})
    assert blocks.fault(laid_out) is None
    assert [b["action_id"] for b in blocks.elements(laid_out, "button")] == [present.AGREE]
    assert list(blocks.elements(laid_out, "image")) == []


async def test_no_token_stands_in_any_log(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with wire.bot():
        for method in (SEND, *STEPS, REACT, "users.info"):
            wire.stub.fail(method, faults.refused("fatal_error"))
        wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.called(SEND)
        await wire.fence()
        await wire.stub.deliveries.refresh()
        wire.people.post(wire.music, wire.ada, OTHER)
        await wire.stub.called(REACT)
        await wire.fence()
    assert "hush" not in caplog.text
    assert "spotify.com" not in caplog.text


async def test_what_nobody_foresaw_is_a_line_in_the_log_and_the_chat_goes_on(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        told = wire.people.react(wire.music, card["ts"], wire.ada, "guitar")
        del told[0].payload["event"]["reaction"]
        wire.stub.deliveries.again(told[0])
        await wire.stub.taken(told)
        await wire.card(OTHER)
    assert "KeyError" in troubles(caplog)[0]
