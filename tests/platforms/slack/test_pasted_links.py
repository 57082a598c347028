"""Replies to messages with links."""

from collections.abc import Mapping

import pytest

from bot import texts
from bot.domain.cards import offered_genres
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.emoji import GENRES
from bot.domain.filing import FiledUnder
from bot.platforms.slack import emoji_names
from tests.platforms.slack.scene import OTHER_LINK, Scene, reactions_of, text_of
from tests.stubs.slack.block_kit import elements
from tests.stubs.slack.block_kit import texts as block_texts
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.fake_app import LINK


async def test_pasted_link_is_answered_in_its_thread_with_card_chart_and_reactions(
    scene: Scene,
) -> None:
    async with scene.bot():
        ts, deliveries = scene.actions.post(scene.music, scene.ada, f"listen: {LINK}")
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls("reactions.add", 4)
    assert card["thread_ts"] == ts
    assert "Old Town Road" in text_of(card)
    assert reactions_of(card, scene.team.bot_user)[0] == emoji_names.RIGHT
    (file,) = scene.stub.state.files.values()
    assert file.data == b"Old Town Road - Remix light"
    assert "Radar chart" in file.alt
    where, shown = file.shared or ("", "")
    assert scene.stub.state.messages[where, shown]["thread_ts"] == ts
    assert [delivery.status for delivery in deliveries] == [200, 200]


async def test_message_with_three_events_is_answered_once(scene: Scene) -> None:
    async with scene.bot():
        _, deliveries = scene.actions.post(scene.music, scene.ada, f"{scene.mention} {LINK}")
        assert [delivery.payload["event"]["type"] for delivery in deliveries] == [
            "message",
            "app_mention",
            "link_shared",
        ]
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


async def test_only_mentions_are_answered_in_mode_on_request(scene: Scene) -> None:
    scene.set_settings(ChannelSettings(mode=Mode.ON_REQUEST))
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, OTHER_LINK)
        await scene.paste(f"{scene.mention} {LINK}")
    assert len(scene.stub.messages(scene.music)) == 1


async def test_direct_message_without_a_link_gets_a_hint(
    scene: Scene,
) -> None:
    direct = scene.actions.channel(scene.team, "im")
    async with scene.bot():
        await scene.paste(LINK, direct)
        scene.actions.post(direct, scene.ada, "hello")
        _, hint = await scene.stub.wait_for_messages(direct, 2)
    assert text_of(hint) == texts.HINT


async def test_duplicate_event_is_answered_once(scene: Scene) -> None:
    async with scene.bot():
        _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_messages(scene.music)
        for delivery in deliveries:
            scene.stub.deliveries.resend(delivery)
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


async def test_duplicate_event_after_a_restart_is_not_answered(
    scene: Scene,
) -> None:
    async with scene.bot():
        _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_messages(scene.music)
    async with scene.bot():
        for delivery in deliveries:
            scene.stub.deliveries.resend(delivery)
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


@pytest.mark.parametrize("subtype", ["me_message", "thread_broadcast", "file_share"])
async def test_links_in_other_subtypes_of_user_messages_are_answered(
    scene: Scene, subtype: str
) -> None:
    async with scene.bot():
        message = scene.actions.write(scene.music, scene.ada, f"listens to {LINK}")
        scene.actions.send_message_event(scene.music, message | {"subtype": subtype})
        (card,) = await scene.stub.wait_for_messages(scene.music)
    assert "Old Town Road" in text_of(card)


async def test_recent_track_is_answered_with_a_pointer_to_its_card(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.post(scene.music, scene.bob, LINK)
        _, pointer = await scene.stub.wait_for_messages(scene.music, 2)
    assert f"p{card['ts'].replace('.', '')}" in text_of(pointer)
    assert "&amp;cid=" in text_of(pointer)


async def test_recent_track_whose_card_no_longer_exists_gets_it_again_with_its_votes(
    scene: Scene,
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.choose(card, scene.bob, "jazz")
        await scene.wait_for_text(card, "1 says jazz.")
        del scene.stub.state.messages[scene.music.id, card["ts"]]
        new_card = await scene.paste(LINK)
    assert "Old Town Road" in text_of(new_card)
    assert "1 says jazz." in text_of(new_card)


async def test_votes_are_not_counted_for_a_card_that_nobody_has_seen(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    tally = scene.app.votes.tally

    async def count(card_id: int) -> Mapping[str, int]:
        asked.append(card_id)
        return await tally(card_id)

    monkeypatch.setattr(scene.app.votes, "tally", count)
    async with scene.bot():
        card = await scene.paste(LINK)
        assert asked == []
        scene.choose(card, scene.bob, "jazz")
        await scene.wait_for_text(card, "1 says jazz.")
    assert asked == [1]


async def test_menu_offers_every_genre_and_taking_back(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
    (menu,) = elements(card["blocks"], "static_select")
    offered = list(texts.vote_labels(scene.app.predictions.cards[1].answer))
    assert {one["value"] for one in menu["options"]} == {*GENRES, "-"} - {*offered}
    (thumbs,) = elements(card["blocks"], "feedback_buttons")
    assert offered[0] == "country"
    assert thumbs["positive_button"]["text"]["text"] == texts.right_label("country")
    labels = [one["text"]["text"] for one in elements(card["blocks"], "button")]
    assert [label.split()[1] for label in labels[:2]] == offered[1:]


async def test_card_says_where_the_song_is_filed_and_its_facts(scene: Scene) -> None:
    scene.app.filing.known = {OLD_TOWN_ROAD: FiledUnder(("jazz",), "musicbrainz")}
    async with scene.bot():
        card = await scene.paste(LINK)
    answer = scene.app.predictions.cards[1].answer
    verdict = next(text for text in mrkdwn_of(card) if texts.verdict(answer) in text)
    assert "Filed under jazz, but" in verdict
    facts = {"type": "plain_text", "text": texts.unbroken(texts.facts(answer)), "emoji": False}
    assert facts in [
        one for block in elements(card["blocks"], "context") for one in block["elements"]
    ]


async def test_offered_reactions_are_the_genres_of_the_buttons(scene: Scene) -> None:
    scene.app.filing.known = {OLD_TOWN_ROAD: FiledUnder(("jazz",), "musicbrainz")}
    async with scene.bot():
        card = await scene.paste(LINK)
    offered = offered_genres(scene.app.predictions.cards[1].answer)
    names = [emoji_names.RIGHT, *(emoji_names.GENRES[genre] for genre in offered)]
    assert "jazz" in offered
    assert reactions_of(card, scene.team.bot_user) == names


async def test_card_of_a_song_that_nobody_files_says_nothing_of_it(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
    verdict = next(text for text in mrkdwn_of(card) if "Sounds like" in text)
    assert verdict.splitlines()[1:] == []
    assert all(text.strip() for text in mrkdwn_of(card))


def mrkdwn_of(card: Mapping[str, object]) -> list[str]:
    return list(block_texts(card["blocks"], "mrkdwn"))
