"""Charts and thumbs where the workspace has them, and text and buttons where it does not."""

import pytest

from bot import texts
from bot.platforms.slack.native_blocks import REMEMBERED, Feature
from tests.platforms.slack.scene import OTHER_LINK, SEND, Scene, text_of
from tests.stubs.slack import faults
from tests.stubs.slack.block_kit import elements
from tests.stubs.slack.objects import Json
from tests.support.factories import track
from tests.support.fake_app import LINK


def types(message: Json) -> set[str]:
    return {block["type"] for block in message["blocks"]}


async def test_card_has_a_chart_and_thumbs_where_the_workspace_has_them(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
    (chart,) = elements(card["blocks"], "data_visualization")
    (series,) = chart["chart"]["series"]
    assert series["data"][0] == {"label": "country", "value": 64.0}
    assert "█" not in text_of(card)
    assert "country 64 %" in card["text"]  # for screen readers


@pytest.mark.parametrize("lacking", sorted(Feature))
async def test_card_is_sent_again_without_the_block_that_the_workspace_lacks(
    scene: Scene, lacking: Feature
) -> None:
    scene.team.lacking = {lacking.value}
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.agree(card, scene.bob)
        await scene.wait_for_text(card, "1 says country.")
    assert types(card) & set(Feature) == set(Feature) - {lacking}
    assert ("█" in text_of(card)) is (lacking is Feature.CHART)
    assert len(scene.stub.calls_to(SEND)) == 2
    assert len(scene.stub.calls_to("chat.update")) == 1  # what is refused is known then


async def test_block_is_tried_again_in_a_workspace_after_a_day(scene: Scene) -> None:
    scene.team.lacking = {*Feature}
    async with scene.bot():
        await scene.paste(LINK)
        await scene.paste(OTHER_LINK)
        assert len(scene.stub.calls_to(SEND)) == 3
        scene.team.lacking = set()
        scene.app.wait(seconds=REMEMBERED.total_seconds())
        card = await scene.paste(LINK)
    assert set(Feature) <= types(card)


async def test_blocks_that_are_refused_for_another_reason_are_not_remembered(scene: Scene) -> None:
    scene.stub.fail(SEND, faults.api_error("invalid_blocks"), times=2)
    async with scene.bot():
        first = await scene.paste(LINK)
        second = await scene.paste(OTHER_LINK)
    assert first["blocks"] == []
    assert set(Feature) <= types(second)


async def test_card_whose_cover_slack_cannot_fetch_is_sent_without_it(scene: Scene) -> None:
    scene.app.lookup.tracks[0] = track(image="https://covers.example/1.jpg")
    reply = '{"ok": false, "error": "invalid_blocks", "errors": ["%s"]}'
    reason = "downloading image failed [json-pointer:/blocks/2/accessory/image_url]"
    scene.stub.fail(SEND, faults.http_error(200, reply % reason, "application/json"))
    async with scene.bot():
        card = await scene.paste(LINK)
    assert list(elements(card["blocks"], "image")) == []
    assert set(Feature) <= types(card)


async def test_refresh_does_not_replace_a_card_by_plain_text(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.stub.fail("chat.update", faults.api_error("invalid_blocks"), times=2)
        await scene.response_text(scene.choose(card, scene.bob, "jazz"))
        await scene.stub.wait_for_calls("chat.update", 2)
        await scene.barrier()
    assert (scene.current(card) or {})["blocks"] == card["blocks"] != []


async def test_card_through_a_response_url_has_text_and_buttons(scene: Scene) -> None:
    """Slack does not say there which block it refuses."""
    elsewhere = scene.actions.channel(scene.team, joined=False)
    async with scene.bot():
        command = scene.actions.command(elsewhere, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_responses(command)
    assert types(card) & set(Feature) == set()
    assert texts.right_label("country") in text_of(card)
