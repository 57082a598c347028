"""A second person's command on a message points at its card, for that person alone."""

from bot.texts import discord as words
from tests.platforms.discord.chat import Chat, ephemeral_text
from tests.support.fake_app import LINK


async def test_message_command_points_at_the_answer_however_old_it_is(chat: Chat) -> None:
    message = await chat.ann.send(chat.music, LINK)
    (card,) = chat.replies()
    chat.app.wait(days=2)
    result = await chat.bob.context_menu(chat.music, words.ASK, message)
    assert str(card.id) in ephemeral_text(result)
    assert chat.replies() == [card]
    assert [one for _, one in chat.app.messages.stored] == [str(card.id)]
