"""The menu "It's actually ...": a vote wherever the card is shown."""

from bot import texts
from bot.domain.emoji import GENRES
from bot.platforms.discord.genre_menu import BACK
from tests.platforms.discord.chat import Chat, words
from tests.support.fake_app import LINK


async def test_a_choice_is_a_vote_with_a_receipt_for_that_person_alone(chat: Chat) -> None:
    card = await chat.card(LINK)
    result = await chat.ann.select(card, ["jazz"])
    (receipt,) = result.followups
    assert receipt.ephemeral
    assert words(receipt).strip() == "Noted: jazz. Thank you!"
    assert list(chat.world.votes.counting()) == [(1, "jazz")]
    assert "You say: jazz (1)." in words(chat.now(card))


async def test_a_choice_can_be_changed_and_taken_back(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.select(card, ["jazz"])
    await chat.ann.select(card, ["pop"])
    assert list(chat.world.votes.counting()) == [(1, "pop")]
    result = await chat.ann.select(card, [BACK])
    assert words(result.followups[0]).strip() == "Taken back."
    assert list(chat.world.votes.counting()) == []
    assert "You say" not in words(chat.now(card))


async def test_taking_a_choice_back_leaves_a_reaction_as_it_is(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["rock"])
    await chat.ann.select(card, ["jazz"])
    result = await chat.ann.select(card, [BACK])
    assert words(result.followups[0]).strip() == "Noted: rock. Thank you!"
    assert list(chat.world.votes.counting()) == [(1, "rock")]


async def test_whoever_has_chosen_nothing_is_told_so(chat: Chat) -> None:
    result = await chat.ann.select(await chat.card(LINK), [BACK])
    assert words(result.followups[0]).strip() == texts.NOTHING_CHOSEN


async def test_a_choice_after_a_restart_counts(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.restart()
    await chat.ann.select(card, ["jazz"])
    assert list(chat.world.votes.counting()) == [(1, "jazz")]
    assert "You say: jazz (1)." in words(chat.now(card))


async def test_a_choice_in_a_direct_message_counts(chat: Chat) -> None:
    result = await chat.ann.user.slash("genre", song=LINK)
    await chat.ann.user.select(result.response.message, ["jazz"])
    assert list(chat.world.votes.counting()) == [(1, "jazz")]


async def test_a_choice_on_a_card_that_is_no_longer_known_is_told_so(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.world.predictions.cards.clear()
    result = await chat.ann.select(card, ["jazz"])
    assert words(result.followups[0]).strip() == "I no longer know that card."


async def test_a_choice_on_a_card_whose_song_was_asked_by_another_way_shows_everywhere(
    chat: Chat,
) -> None:
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert result.response is not None
    await chat.bob.select(result.response, ["jazz"])
    assert "You say: jazz (1)." in words(result.response)
