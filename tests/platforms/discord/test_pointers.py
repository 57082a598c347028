"""A second person's command on a message points at its card, for that person alone."""

import pytest

from bot import texts
from bot.texts import discord as words
from tests.platforms.discord.chat import Chat, ephemeral_text, text_of
from tests.support.fake_app import LINK
from tests.support.group_chats import fail


async def test_message_command_points_at_the_answer_however_old_it_is(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await chat.ann.send(chat.music, LINK)
    (card,) = chat.replies()
    chat.app.wait(days=2)
    monkeypatch.setattr(chat.app.messages, "remember", fail)  # it is no answer of the channel
    result = await chat.bob.context_menu(chat.music, words.ASK, message)
    assert str(card.id) in ephemeral_text(result)
    assert chat.replies() == [card]
    assert [one for _, one in chat.app.messages.stored] == [str(card.id)]


async def test_link_is_answered_at_once_after_the_command_whose_card_is_deleted(chat: Chat) -> None:
    """The command stands for the message that it is about, and both are released."""
    message = await chat.ann.send(chat.music, f"<{LINK}>")
    card = (await chat.bob.context_menu(chat.music, words.ASK, message)).response
    assert card is not None
    await chat.bob.react(chat.current(card), "🗑️")
    assert chat.replies() == []
    waiting = chat.app.services.group_chat._recent_cards._pending
    assert not waiting, "others would wait for a card that was sent already"
    await chat.card(LINK)


@pytest.mark.parametrize("link", [LINK, "https://www.deezer.com/album/101"])
async def test_message_command_on_an_answer_of_the_bot_points_at_it(chat: Chat, link: str) -> None:
    card = await chat.card(link)
    result = await chat.bob.context_menu(chat.music, words.ASK, card)
    assert result.ephemeral
    assert text_of(result.response).strip() == texts.already_answered(card.jump_url)
    assert chat.replies() == [card]


async def test_message_command_on_a_card_as_plain_text_points_at_it(chat: Chat) -> None:
    chat.env.inject_error("POST", "/channels/*/messages", status=400, code=50035, times=2)
    card = await chat.card(LINK)
    result = await chat.bob.context_menu(chat.music, words.ASK, card)
    assert texts.already_answered(card.jump_url) in text_of(result.response)


async def test_message_command_on_a_sentence_of_the_bot_finds_no_link(chat: Chat) -> None:
    sentence = await chat.card(chat.mention)
    result = await chat.bob.context_menu(chat.music, words.ASK, sentence)
    assert "no link" in ephemeral_text(result)
