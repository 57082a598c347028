"""A voter learns, for their eyes only, that a song they corrected is now answered their way."""

from bot import texts
from tests.platforms.discord.chat import OTHER_LINK, Chat, text_of
from tests.support.fake_app import LINK

SENTENCE = "The song you corrected, “Old Town Road - Remix”, is now answered your way: jazz."


async def corrected(chat: Chat) -> None:
    """Let Bob correct a song, and let the model learn it."""
    await chat.bob.select(await chat.card(LINK), ["jazz"])
    chat.app.models.version, chat.app.models.best = "1", "jazz"


async def test_next_vote_is_confirmed_with_what_was_learned_once(chat: Chat) -> None:
    await corrected(chat)
    card = await chat.card(OTHER_LINK)
    right = texts.right_label("jazz")
    voted = await chat.bob.click(card, label=right)
    (receipt,) = voted.followups
    assert receipt.ephemeral
    assert text_of(receipt).strip() == f"Your vote: jazz. Thank you! {SENTENCE}"
    again = await chat.bob.click(card, label=right)
    assert SENTENCE not in text_of(again.followups[0])


async def test_others_are_not_informed(chat: Chat) -> None:
    await corrected(chat)
    card = await chat.card(OTHER_LINK)
    voted = await chat.ann.click(card, label=texts.right_label("jazz"))
    assert SENTENCE not in text_of(voted.followups[0])


async def test_command_is_followed_by_a_private_sentence(chat: Chat) -> None:
    await corrected(chat)
    asked = await chat.bob.slash(chat.music, "genre", song=OTHER_LINK)
    (notice,) = asked.followups
    assert notice.ephemeral
    assert text_of(notice).strip() == SENTENCE
    assert SENTENCE not in "".join(map(text_of, chat.replies()))
