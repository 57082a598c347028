"""Refusals, rate limits and failures of Slack's methods; odd titles; logs."""

import logging

import pytest

from bot.domain.cards import Card
from bot.platforms.slack import present_card
from tests.platforms.slack.scene import (
    OFFERED_REACTIONS,
    OTHER_LINK,
    REACT,
    SEND,
    Scene,
    reactions_of,
)
from tests.stubs.slack import block_kit, faults
from tests.stubs.slack.message_rules import check_message
from tests.stubs.slack.server import UPLOAD
from tests.support.factories import OLD_TOWN_ROAD, answer, track
from tests.support.fake_app import LINK

UPLOAD_STEPS = ("files.getUploadURLExternal", UPLOAD, "files.completeUploadExternal")
ODD_TITLES = {
    "long": "n" * 4000,
    "right to left": "\u202e" + "\u05e9\u05dc\u05d5\u05dd " * 100,
    "mentions": "<!channel> <@U1> <#C1|x> @here",
    "markup": "*b* _i_ ~s~ `c` > q\n```x``` :wave: <https://evil.example|Spotify>",
    "entities": "&lt;!channel&gt; &amp; \x00\x1b[0m",
    "empty": "",
    "emoji": "\N{HEADPHONE}" * 300,
}


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the bot's warnings and errors in the log."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.INFO and record.name.startswith("bot")
    ]


async def test_card_is_sent_once_after_a_rate_limit(scene: Scene, delays: list[float]) -> None:
    scene.stub.fail(SEND, faults.rate_limited(7), times=2)
    async with scene.bot():
        card = await scene.paste(LINK)
    assert [7 <= seconds < 8 for seconds in delays] == [True, True]
    assert scene.stub.messages(scene.music) == [card]


@pytest.mark.parametrize("method", [REACT, *UPLOAD_STEPS[::2]])
async def test_rate_limit_on_chart_and_reactions_is_waited_out(
    scene: Scene, delays: list[float], method: str
) -> None:
    scene.stub.fail(method, faults.rate_limited(3))
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.until(
            lambda: any(
                len(reactions_of(card, scene.team.bot_user)) == OFFERED_REACTIONS
                for card in scene.stub.messages(scene.music)
            )
        )
    assert len(delays) == 1
    assert len(scene.stub.state.files) == 1


async def test_refused_blocks_are_replaced_by_plain_text(scene: Scene) -> None:
    scene.stub.fail(SEND, faults.api_error("invalid_blocks"), times=2)
    async with scene.bot():
        card = await scene.paste(LINK)
    call = scene.stub.calls_to(SEND)[-1]
    assert card["blocks"] == []
    assert "country" in card["text"]
    assert "64" in card["text"]
    assert call.arguments["mrkdwn"] is False


@pytest.mark.parametrize(
    "code", ["not_in_channel", "channel_not_found", "is_archived", "restricted_action"]
)
async def test_refused_message_is_logged(
    scene: Scene, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    scene.stub.fail(SEND, faults.api_error(code))
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls(SEND)
        await scene.barrier()
    assert warnings_of(caplog) == [f"message {ts}: not sent: {code}"]


@pytest.mark.parametrize("scope", ["files:write", "reactions:write"])
async def test_missing_scope_disables_only_its_own_feature(scene: Scene, scope: str) -> None:
    scene.team.scopes.remove(scope)
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls(REACT)
        await scene.barrier()
    assert bool(card["reactions"]) is (scope != "reactions:write")
    assert bool(scene.stub.state.files) is (scope != "files:write")


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        *((step, faults.api_error("internal_error")) for step in UPLOAD_STEPS[::2]),
        *((step, faults.http_error(502)) for step in UPLOAD_STEPS),
        *((step, faults.connection_lost()) for step in UPLOAD_STEPS),
    ],
)
@pytest.mark.usefixtures("delays")
async def test_failed_upload_leaves_a_card_without_chart(
    scene: Scene, step: str, fault: faults.Fault
) -> None:
    scene.stub.fail(step, fault, times=9)
    async with scene.bot():
        card = await scene.paste(LINK)
    assert len(reactions_of(card, scene.team.bot_user)) == OFFERED_REACTIONS
    assert not any(file.shared for file in scene.stub.state.files.values())


async def test_failed_chart_leaves_a_card_without_it(scene: Scene) -> None:
    scene.app.renderer.broken = True
    async with scene.bot():
        await scene.paste(LINK)
    assert scene.stub.state.files == {}


async def test_existing_reaction_does_not_prevent_the_others(
    scene: Scene,
) -> None:
    scene.stub.fail(REACT, faults.api_error("already_reacted"))
    async with scene.bot():
        card = await scene.paste(LINK)
    assert len(reactions_of(card, scene.team.bot_user)) == OFFERED_REACTIONS - 1


@pytest.mark.parametrize("title", ODD_TITLES.values(), ids=ODD_TITLES)
async def test_no_title_breaks_a_rule_or_mentions_anyone(scene: Scene, title: str) -> None:
    scene.app.lookup.tracks[0] = track(title=title, artists=(title, "Somebody"))
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.wait_for_text(card, "1 says jazz.")
        scene.actions.open_home(scene.team, scene.ada)
        await scene.stub.wait_for_calls("views.publish")
    markup = "\n".join(block_kit.texts(card["blocks"], "mrkdwn"))
    assert "evil.example" not in markup
    assert "wave" not in markup
    assert not block_kit.MENTION.search(card["text"])


@pytest.mark.parametrize("title", ODD_TITLES.values(), ids=ODD_TITLES)
def test_no_title_mentions_anyone_in_plain_text(title: str) -> None:
    check_message(
        {"text": present_card.plain_text(answer(subject=track(title=title, artists=(title,))))}
    )


def test_invalid_cover_and_link_are_left_out() -> None:
    invalid = track(OLD_TOWN_ROAD, image="javascript:x", url="spotify:track:1")
    layout = present_card.card(Card(1, answer(subject=invalid)), {})
    assert block_kit.find_error(layout) is None
    buttons = [one["action_id"] for one in block_kit.elements(layout, "button")]
    assert buttons[-2:] == [present_card.DETAILS, present_card.SAVE]
    assert list(block_kit.elements(layout, "image")) == []


async def test_logs_contain_no_token_and_no_link(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with scene.bot():
        for method in (SEND, *UPLOAD_STEPS, REACT, "users.info"):
            scene.stub.fail(method, faults.api_error("fatal_error"))
        scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls(SEND)
        await scene.barrier()
        await scene.stub.deliveries.request_reconnect()
        scene.actions.post(scene.music, scene.ada, OTHER_LINK)
        await scene.stub.wait_for_calls(REACT)
        await scene.barrier()
    assert "hush" not in caplog.text
    assert "spotify.com" not in caplog.text


async def test_unexpected_exception_is_logged_and_the_bot_goes_on(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        deliveries = scene.actions.react(scene.music, card["ts"], scene.ada, "guitar")
        del deliveries[0].payload["event"]["reaction"]
        scene.stub.deliveries.resend(deliveries[0])
        await scene.stub.wait_for_acks(deliveries)
        await scene.paste(OTHER_LINK)
    assert "KeyError" in warnings_of(caplog)[0]
