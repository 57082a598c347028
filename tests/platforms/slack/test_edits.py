"""Edited messages: a new link is answered, and a link that is gone takes its card away."""

import pytest

from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.jobs import JobKind
from tests.platforms.slack.scene import OTHER_LINK, SEND, Scene, text_of
from tests.platforms.slack.test_collections import ALBUM_LINK, UPLOADED
from tests.stubs.slack import faults
from tests.stubs.slack.objects import Channel
from tests.support.fake_app import LINK
from tests.support.killed_process import KilledProcess


async def cards(scene: Scene, count: int, channel: Channel | None = None) -> list[str]:
    """Wait until a channel has a number of the bot's messages; return their texts."""
    channel = channel or scene.music
    await scene.stub.until(lambda: len(scene.stub.messages(channel)) == count)
    return [text_of(message) for message in scene.stub.messages(channel)]


async def test_edit_that_adds_a_link_is_answered_once_in_the_thread(scene: Scene) -> None:
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, "this one")
        deliveries = scene.actions.edit(scene.music, ts, f"this one: {LINK}")
        kinds = [delivery.payload["event"]["type"] for delivery in deliveries]
        assert kinds == ["message", "link_shared"]
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert card["thread_ts"] == ts
    assert "Old Town Road" in text_of(card)
    assert len(scene.stub.calls_to(SEND)) == 2  # with the barrier's hint


async def test_edit_that_removes_a_link_takes_its_card_and_chart_away(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.edit(scene.music, card["thread_ts"], "never mind")
        await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.messages(scene.music) == []
    assert scene.stub.state.files == {}


async def test_edit_that_replaces_a_link_replaces_its_card(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.edit(scene.music, card["thread_ts"], OTHER_LINK)
        await scene.stub.wait_for_calls("files.delete")
        (text,) = await cards(scene, 1)
    assert "Heroes" in text


async def test_edit_beside_a_link_changes_nothing(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.edit(scene.music, card["thread_ts"], f"listen, please: {LINK}")
        await scene.barrier()
        kinds = {row.stored.job.kind for row in scene.app.inbox.rows.values()}
    assert scene.current(card)
    assert JobKind.EDIT not in kinds
    assert len(scene.stub.calls_to(SEND)) == 2  # with the barrier's hint


async def test_card_that_its_asker_deleted_does_not_come_back_with_an_edit(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
        scene.actions.edit(scene.music, card["thread_ts"], f"{LINK} {OTHER_LINK}")
        (text,) = await cards(scene, 1)
        await scene.barrier()
    assert "Heroes" in text
    assert len(scene.stub.calls_to(SEND)) == 3  # two cards, and the barrier's hint


async def test_preview_that_slack_adds_costs_nothing(scene: Scene) -> None:
    scene.set_settings(ChannelSettings(mode=Mode.ON_REQUEST))
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.barrier()
        seen = set(scene.app.events.seen)
        deliveries = scene.actions.add_preview(scene.music, ts, LINK)
        await scene.stub.wait_for_acks(deliveries)
        assert scene.app.events.seen == seen
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 2  # the barriers' hints


@pytest.mark.parametrize("fields", [{"bot_id": "B0JUKEBOX"}, {"subtype": "bot_message"}])
async def test_message_of_an_app_that_it_edits_is_not_answered(
    scene: Scene, fields: dict[str, str]
) -> None:
    message = scene.actions.write(scene.music, scene.bob, LINK) | fields
    async with scene.bot():
        before = {**message, "text": "loading"}
        await scene.stub.wait_for_acks(scene.actions.send_changes(scene.music, message, before))
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


@pytest.mark.parametrize("subtype", ["thread_broadcast", "me_message"])
async def test_edited_messages_of_other_subtypes_are_followed(scene: Scene, subtype: str) -> None:
    first = scene.actions.write(scene.music, scene.bob, "hello")
    message = scene.actions.write(scene.music, scene.ada, LINK, first["ts"])
    message |= {"subtype": subtype}
    async with scene.bot():
        scene.actions.send_changes(scene.music, message, {**message, "text": "soon"})
        (card,) = await scene.stub.wait_for_messages(scene.music)
    assert card["thread_ts"] == first["ts"]


async def test_edit_that_is_overtaken_waits_for_the_answer_to_its_message(scene: Scene) -> None:
    async with scene.bot():
        with scene.blocked_features() as (started, proceed):
            ts, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            deliveries += scene.actions.edit(scene.music, ts, "never mind")
            await scene.stub.wait_for_acks(deliveries)
            proceed.set()
            await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.messages(scene.music) == []
    assert scene.stub.state.files == {}


async def test_edit_that_mentions_the_bot_is_answered_in_mode_on_request(scene: Scene) -> None:
    scene.set_settings(ChannelSettings(mode=Mode.ON_REQUEST))
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        deliveries = scene.actions.edit(scene.music, ts, f"{scene.mention} {LINK}")
        kinds = [delivery.payload["event"]["type"] for delivery in deliveries]
        assert kinds == ["message", "app_mention"]
        await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 2  # with the barrier's hint


@pytest.mark.parametrize("mode", [Mode.QUIET, Mode.OFF, Mode.ON_REQUEST])
async def test_added_link_is_not_answered_where_messages_are_not(scene: Scene, mode: Mode) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.set_settings(ChannelSettings(mode=mode))
        scene.actions.edit(scene.music, card["thread_ts"], OTHER_LINK)
        await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.messages(scene.music) == []  # the card went all the same


async def test_edit_that_silences_a_message_takes_its_card_away(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.edit(scene.music, card["thread_ts"], f"! {LINK}")
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None


async def test_link_that_an_edit_adds_in_code_is_not_answered_by_its_shared_link(
    scene: Scene,
) -> None:
    scene.link_delay = 0.05
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, "an example")
        deliveries = scene.actions.edit(scene.music, ts, f"an example: `{LINK}`")
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_summary_stays_beside_a_new_link_and_goes_with_its_own(scene: Scene) -> None:
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
        await scene.stub.wait_for_calls(UPLOADED)
        scene.actions.edit(scene.music, ts, f"{ALBUM_LINK} {LINK}")
        await cards(scene, 2)
        await scene.stub.wait_for_calls(UPLOADED, 2)
        scene.actions.edit(scene.music, ts, "never mind")
        await scene.stub.wait_for_calls("files.delete", 2)
        await cards(scene, 0)


async def test_edit_in_a_direct_message_is_followed(scene: Scene) -> None:
    direct = scene.actions.channel(scene.team, "im")
    async with scene.bot():
        ts, _ = scene.actions.post(direct, scene.ada, "hello")
        await cards(scene, 1, direct)  # the hint
        scene.actions.edit(direct, ts, LINK)
        texts = await cards(scene, 2, direct)
    assert "Old Town Road" in texts[1]


async def test_edit_is_finished_by_the_next_process(scene: Scene) -> None:
    killed = KilledProcess(scene.app)
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.stub.fail("chat.delete", faults.api_error("internal_error"))
        scene.actions.edit(scene.music, card["thread_ts"], "never mind")
        await scene.stub.wait_for_calls("chat.delete")
        await scene.within_timeout(killed.finished.wait())
    await killed.leave(killed.job(JobKind.EDIT), recorded=2)  # the card and its chart
    async with scene.bot():
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None
