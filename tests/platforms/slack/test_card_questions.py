"""Details of a card, and its picture to save."""

from collections.abc import Sequence

import pytest

from bot import texts
from bot.platforms.slack import present_card
from bot.texts import share
from bot.texts import slack as words
from tests.platforms.slack.scene import SEND, Scene, text_of
from tests.stubs.slack import faults
from tests.stubs.slack.objects import File, Json
from tests.support.fake_app import LINK
from tests.support.fakes import FakeRenderer

COMPLETE = "files.completeUploadExternal"


def pictures(scene: Scene) -> Sequence[File]:
    """Return the pictures that were saved."""
    return [one for one in scene.stub.state.files.values() if one.name == "soundslike.png"]


async def test_details_are_for_the_person_who_asks_and_not_on_the_card(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        press = scene.press(card, scene.bob, present_card.DETAILS)
        (reply,) = await scene.stub.wait_for_responses(press)
    details = texts.details(scene.app.predictions.cards[1].answer)
    assert (text_of(reply), reply["response_type"]) == (details, "ephemeral")
    assert details not in text_of(card)
    assert "Tempo: 136 BPM\n" in details
    assert "Model:" in details
    assert "Model:" not in text_of(card)


async def test_picture_is_sent_to_the_person_directly(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        await scene.response_text(scene.choose(card, scene.bob, "jazz"))
        saved = scene.press(card, scene.bob, present_card.SAVE)
        assert await scene.response_text(saved) == words.SAVED_PRIVATELY
    (picture,) = pictures(scene)
    assert picture.data is not None
    assert b"1 says jazz." in picture.data
    shown = scene.app.predictions.cards[1].answer
    assert picture.alt == share.alt(shown, {"jazz": 1})
    direct = scene.stub.state.direct[scene.team.id, scene.bob.id]
    assert (picture.shared or ("",))[0] == direct.id
    (said,) = scene.stub.messages(direct)
    assert "Old Town Road" in text_of(said)
    assert len(scene.stub.messages(scene.music)) == 1


@pytest.mark.parametrize("on", ["sentence", "picture"])
async def test_wastebasket_on_a_saved_picture_deletes_it_with_its_sentence(
    scene: Scene, on: str
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        await scene.stub.wait_for_responses(scene.press(card, scene.bob, present_card.SAVE))
        direct = scene.stub.state.direct[scene.team.id, scene.bob.id]
        said, shown = scene.stub.messages(direct), pictures(scene)[0].shared or ("", "")
        reacted = said[0]["ts"] if on == "sentence" else shown[1]
        scene.actions.react(direct, reacted, scene.bob, "wastebasket")
        await scene.stub.until(lambda: not pictures(scene))
        await scene.stub.until(lambda: scene.current(said[0], direct) is None)
    assert scene.current(card)


@pytest.mark.parametrize("on", ["card", "picture"])
async def test_wastebasket_deletes_a_picture_that_is_below_its_card(scene: Scene, on: str) -> None:
    scene.music = scene.actions.channel(scene.team, "im")
    async with scene.bot():
        card = await scene.paste(LINK)
        await scene.stub.wait_for_responses(scene.press(card, scene.ada, present_card.SAVE))
        _, shown = pictures(scene)[0].shared or ("", "")
        reacted = card["ts"] if on == "card" else shown
        scene.actions.react(scene.music, reacted, scene.ada, "wastebasket")
        await scene.stub.until(lambda: not pictures(scene))
        await scene.barrier()
    assert bool(scene.current(card)) == (on == "picture")


async def test_picture_of_a_card_in_the_conversation_with_the_bot_is_below_it(
    scene: Scene,
) -> None:
    direct = scene.actions.channel(scene.team, "im")
    scene.music = direct
    async with scene.bot():
        card = await scene.paste(LINK)
        saved = scene.press(card, scene.ada, present_card.SAVE)
        assert await scene.response_text(saved) == words.SAVED_HERE
    (picture,) = pictures(scene)
    where, shown = picture.shared or ("", "")
    assert scene.stub.state.messages[where, shown]["thread_ts"] == card["thread_ts"]


async def test_picture_is_in_the_thread_where_the_person_cannot_be_written_to(
    scene: Scene,
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.stub.fail(SEND, faults.api_error("messages_tab_disabled"))
        saved = scene.press(card, scene.bob, present_card.SAVE)
        assert await scene.response_text(saved) == words.SAVED_IN_THREAD
        (picture,) = pictures(scene)
        where, shown = picture.shared or ("", "")
        assert scene.stub.state.messages[where, shown]["thread_ts"] == card["thread_ts"]
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.until(lambda: not pictures(scene))


@pytest.mark.parametrize(
    ("code", "said"),
    [("missing_scope", texts.CANNOT_SEND_PICTURE), ("fatal_error", texts.TRY_AGAIN)],
)
async def test_sentence_says_where_no_picture_can_be_sent(
    scene: Scene, code: str, said: str
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.stub.fail(COMPLETE, faults.api_error(code), times=2)
        saved = scene.press(card, scene.bob, present_card.SAVE)
        assert await scene.response_text(saved) == said
    assert scene.stub.messages(scene.stub.state.direct[scene.team.id, scene.bob.id]) == []


async def test_sentence_says_that_a_picture_cannot_be_drawn(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.app.renderer.broken = True
        saved = scene.press(card, scene.bob, present_card.SAVE)
        assert await scene.response_text(saved) == texts.PICTURE_MISSING
    assert isinstance(scene.app.renderer, FakeRenderer)


@pytest.mark.parametrize("on", ["card", "question"])
async def test_shortcut_saves_the_card_of_a_message(scene: Scene, on: str) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        asked = scene.stub.state.messages[scene.music.id, card["thread_ts"]]
        saved = scene.save(scene.music, card if on == "card" else asked)
        assert await scene.response_text(saved) == words.SAVED_PRIVATELY
    assert len(pictures(scene)) == 1


async def test_shortcut_on_another_message_says_that_it_has_no_card(scene: Scene) -> None:
    message: Json = scene.actions.write(scene.music, scene.bob, "hello")
    async with scene.bot():
        assert await scene.response_text(scene.save(scene.music, message)) == texts.NO_CARD


async def test_repeated_delivery_sends_one_picture(scene: Scene) -> None:
    async with scene.bot(scene.http_credentials()):
        card = await scene.paste(LINK)
        saved = scene.press(card, scene.bob, present_card.SAVE)
        await scene.stub.wait_for_responses(saved)
        scene.stub.deliveries.resend(saved)
        await scene.stub.wait_for_acks([saved])
        await scene.barrier()
    assert len(pictures(scene)) == 1
