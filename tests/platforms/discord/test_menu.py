"""The menu "It's actually ..." under a card: exclusive choices."""

from bot import texts
from bot.domain.emoji import GENRES, RIGHT
from bot.platforms.discord.genre_menu import TAKE_BACK
from tests.platforms.discord.chat import Chat, text_of
from tests.support.fake_app import LINK


async def test_choice_is_a_vote_with_an_ephemeral_confirmation(chat: Chat) -> None:
    card = await chat.card(LINK)
    result = await chat.ann.select(card, ["jazz"])
    (confirmation,) = result.followups
    assert confirmation.ephemeral
    assert text_of(confirmation).strip() == "Your vote: jazz. Thank you!"
    assert chat.app.votes.counted() == [(1, "jazz")]
    assert "1 says jazz." in text_of(chat.current(card))


async def test_choice_can_be_changed_and_taken_back(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.select(card, ["jazz"])
    await chat.ann.select(card, ["pop"])
    assert chat.app.votes.counted() == [(1, "pop")]
    result = await chat.ann.select(card, [TAKE_BACK])
    assert text_of(result.followups[0]).strip() == "Taken back: you have no vote on this song."
    assert chat.app.votes.counted() == []
    assert " says " not in text_of(chat.current(card))


async def test_choice_replaces_reactions_and_taking_it_back_leaves_no_vote(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["rock"])
    await chat.ann.react(card, RIGHT)
    result = await chat.ann.select(card, ["jazz"])
    confirmation = text_of(result.followups[0]).strip()
    assert confirmation == "Your vote: jazz. It replaces your reactions. Thank you!"
    assert chat.app.votes.counted() == [(1, "jazz")]
    result = await chat.ann.select(card, [TAKE_BACK])
    assert text_of(result.followups[0]).strip() == "Taken back: you have no vote on this song."
    assert chat.app.votes.counted() == []


async def test_removing_a_replaced_reaction_changes_nothing(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["rock"])
    await chat.ann.select(card, ["jazz"])
    await chat.ann.unreact(card, GENRES["rock"])
    assert chat.app.votes.counted() == [(1, "jazz")]
    assert "1 says jazz." in text_of(chat.current(card))


async def test_reaction_replaces_a_choice(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.select(card, ["jazz"])
    await chat.ann.react(card, GENRES["rock"])
    assert chat.app.votes.counted() == [(1, "rock")]
    await chat.ann.unreact(card, GENRES["rock"])
    assert chat.app.votes.counted() == []


async def test_taking_back_without_a_vote_says_so(chat: Chat) -> None:
    result = await chat.ann.select(await chat.card(LINK), [TAKE_BACK])
    assert text_of(result.followups[0]).strip() == texts.NO_VOTE


async def test_choice_after_a_restart_counts(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.restart()
    await chat.ann.select(card, ["jazz"])
    assert chat.app.votes.counted() == [(1, "jazz")]
    assert "1 says jazz." in text_of(chat.current(card))


async def test_choice_in_a_direct_message_counts(chat: Chat) -> None:
    result = await chat.ann.user.slash("genre", song=LINK)
    await chat.ann.user.select(result.response.message, ["jazz"])
    assert chat.app.votes.counted() == [(1, "jazz")]


async def test_choice_on_an_unknown_card_says_so(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.app.predictions.cards.clear()
    result = await chat.ann.select(card, ["jazz"])
    assert text_of(result.followups[0]).strip() == "I no longer know that card."


async def test_choice_on_the_card_of_a_command_is_displayed(
    chat: Chat,
) -> None:
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert result.response is not None
    await chat.bob.select(result.response, ["jazz"])
    assert "1 says jazz." in text_of(result.response)
