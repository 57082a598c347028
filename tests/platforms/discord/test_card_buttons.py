"""The last row of a card: its details, and its picture to save."""

from simcord import InteractionResult, ResponseMessage

from bot import texts
from bot.domain.jobs import JobKind
from bot.texts import share
from tests.platforms.discord.chat import (
    CONTAINER,
    OTHER_LINK,
    Chat,
    components_of,
    text_of,
)
from tests.support.fake_app import LINK
from tests.support.killed_process import KilledProcess


def answer(result: InteractionResult) -> ResponseMessage:
    """Return the response to an interaction, which one person sees."""
    assert result.ephemeral
    assert result.followups == []
    assert result.response is not None
    return result.response


async def pictures(message: ResponseMessage) -> list[bytes]:
    return [await file.read() for file in message.attachments]


async def test_details_have_the_small_print_and_the_values(chat: Chat) -> None:
    card = await chat.card(LINK)
    stored = KilledProcess(chat.app).jobs
    text = text_of(answer(await chat.bob.click(card, label=texts.DETAILS)))
    assert "Danceability: 0.88" in text
    small_print = texts.small_print(chat.app.predictions.cards[1].answer)
    assert texts.unbroken(small_print) in text
    assert stored == []


async def test_details_are_displayed_after_a_restart(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.restart()
    assert "Model: fake" in text_of(answer(await chat.bob.click(card, label=texts.DETAILS)))


async def test_details_and_picture_of_an_unknown_card_say_so(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.app.predictions.cards.clear()
    for label in (texts.DETAILS, texts.SAVE_CARD):
        text = text_of(answer(await chat.bob.click(card, label=label)))
        assert text.strip() == "I no longer know that card."


async def test_picture_is_given_to_the_person_who_presses(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.select(card, ["jazz"])
    saved = answer(await chat.bob.click(card, label=texts.SAVE_CARD))
    assert await pictures(saved) == [b"Old Town Road - Remix 1 says jazz. None dark png"]
    (file,) = saved.attachments
    assert file.filename == "soundslike-1.png"
    assert file.description == share.alt(chat.app.predictions.cards[1].answer, {"jazz": 1})
    assert len(chat.replies()) == 1


async def test_message_command_gives_the_picture_of_the_card(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.app.messages.stored.clear()  # the message names its card itself
    saved = answer(await chat.bob.context_menu(chat.music, texts.SAVE_CARD, card))
    assert [one.split()[0] for one in await pictures(saved)] == [b"Old"]


async def test_message_command_on_a_link_gives_the_pictures_of_its_answers(chat: Chat) -> None:
    message = await chat.ann.send(chat.music, f"{LINK} {OTHER_LINK}")
    saved = answer(await chat.bob.context_menu(chat.music, texts.SAVE_CARD, message))
    assert sorted(one.split()[0] for one in await pictures(saved)) == [b"Heroes", b"Old"]


async def test_message_command_on_a_card_sent_as_text_gives_its_picture(chat: Chat) -> None:
    for _ in range(2):
        chat.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
    card = await chat.card(LINK)
    assert components_of(card, CONTAINER) == []
    saved = answer(await chat.bob.context_menu(chat.music, texts.SAVE_CARD, card))
    assert len(await pictures(saved)) == 1


async def test_message_command_on_another_message_says_that_it_shows_no_card(chat: Chat) -> None:
    message = await chat.ann.send(chat.music, "hello")
    saved = answer(await chat.bob.context_menu(chat.music, texts.SAVE_CARD, message))
    assert text_of(saved).strip() == texts.NO_CARD


async def test_picture_that_cannot_be_drawn_is_said_to_be_missing(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.app.renderer.broken = True
    saved = answer(await chat.bob.click(card, label=texts.SAVE_CARD))
    assert text_of(saved).strip() == texts.PICTURE_MISSING


async def test_picture_that_may_not_be_sent_is_said_to_be_forbidden(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=403, code=50013)
    saved = answer(await chat.bob.click(card, label=texts.SAVE_CARD))
    assert text_of(saved).strip() == texts.CANNOT_SEND_PICTURE


async def test_picture_that_a_killed_process_did_not_send_is_sent_by_the_next(chat: Chat) -> None:
    killed = KilledProcess(chat.app)
    card = await chat.card(LINK)
    chat.app.renderer.broken = True
    result = await chat.bob.click(card, label=texts.SAVE_CARD)
    chat.app.renderer.broken = False
    await killed.leave(killed.job(JobKind.COMMAND), recorded=1)
    await chat.restart()
    assert len(answer(result).attachments) == 1
