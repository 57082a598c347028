"""Buttons under a card that vote with one press, and the one that takes the vote back."""

import pytest
from simcord import InteractionResult

from bot import texts
from bot.domain.jobs import JobKind
from tests.platforms.discord.chat import (
    BUTTON,
    CONTAINER,
    PICTURE,
    AnyMessage,
    Chat,
    components_of,
    text_of,
)
from tests.support.fake_app import LINK
from tests.support.group_chats import fail
from tests.support.killed_process import KilledProcess

RIGHT = texts.right_label("country")


def receipt(result: InteractionResult) -> str:
    """Return the text of the one receipt of a vote, which one person sees."""
    (message,) = result.followups
    assert message.ephemeral
    return text_of(message).strip()


def labels(message: AnyMessage) -> list[str]:
    return [button["label"] for button in components_of(message, BUTTON)]


async def test_one_press_votes_and_one_takes_the_vote_back(chat: Chat) -> None:
    card = await chat.card(LINK)
    voted = await chat.bob.click(card, label=RIGHT)
    assert receipt(voted) == "Your vote: country. Thank you!"
    assert labels(voted.followups[0]) == [texts.TAKE_VOTE_BACK]
    assert chat.app.votes.counted() == [(1, "country")]
    assert "1 says country." in text_of(chat.current(card))
    taken = await chat.bob.click(voted.followups[0], label=texts.TAKE_VOTE_BACK)
    assert chat.app.votes.counted() == []
    assert taken.followups == []
    assert text_of(voted.followups[0]).strip() == "Taken back: you have no vote on this song."
    assert labels(voted.followups[0]) == []
    assert " says " not in text_of(chat.current(card))
    assert len(chat.current(card).attachments) == 1


async def test_card_offers_the_best_genres_and_that_of_its_filing(chat: Chat) -> None:
    card = await chat.card(LINK)
    others = list(chat.app.predictions.cards[1].answer.prediction.genres)[1:3]
    assert labels(card) == [RIGHT, *others, texts.DETAILS, texts.SAVE_CARD, "Open in Spotify"]


async def test_another_button_replaces_the_vote(chat: Chat) -> None:
    card = await chat.card(LINK)
    other = labels(card)[1]
    await chat.bob.click(card, label=RIGHT)
    assert receipt(await chat.bob.click(card, label=other)) == f"Your vote: {other}. Thank you!"
    assert chat.app.votes.counted() == [(1, other)]


async def test_second_press_of_the_same_button_changes_nothing_and_says_so(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.bob.click(card, label=RIGHT)
    again = await chat.bob.click(card, label=RIGHT)
    assert receipt(again) == "Your vote is country already."
    assert labels(again.followups[0]) == [texts.TAKE_VOTE_BACK]
    assert chat.app.votes.counted() == [(1, "country")]


async def test_buttons_of_cards_and_receipts_work_after_a_restart(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.restart()
    voted = await chat.bob.click(card, label=RIGHT)
    assert "1 says country." in text_of(chat.current(card))
    await chat.restart()
    await chat.bob.click(voted.followups[0], label=texts.TAKE_VOTE_BACK)
    assert chat.app.votes.counted() == []
    assert " says " not in text_of(chat.current(card))


async def test_withdrawal_that_a_killed_process_left_is_made_and_the_receipt_edited(
    chat: Chat,
) -> None:
    killed = KilledProcess(chat.app)
    voted = await chat.bob.click(await chat.card(LINK), label=RIGHT)
    await chat.bob.click(voted.followups[0], label=texts.TAKE_VOTE_BACK)
    edits = len(chat.requests("PATCH", "/messages/@original$"))
    await killed.leave(killed.job(JobKind.CHOICE), recorded=1)
    await chat.restart()
    assert len(chat.requests("PATCH", "/messages/@original$")) == edits + 1
    assert chat.app.inbox.rows == {}


async def test_vote_on_an_unknown_card_says_so_and_offers_nothing(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.app.predictions.cards.clear()
    voted = await chat.bob.click(card, label=RIGHT)
    assert receipt(voted) == "I no longer know that card."
    assert labels(voted.followups[0]) == []


async def test_vote_on_a_card_behind_a_spoiler_keeps_it_there(chat: Chat) -> None:
    card = await chat.card(f"||{LINK}||")
    for _ in range(2):
        voted = await chat.bob.click(chat.current(card), label=RIGHT)
        (container,) = components_of(chat.current(card), CONTAINER)
        (chart,) = components_of(chat.current(card), PICTURE)
        assert container["spoiler"]
        assert chart["items"][0]["spoiler"]
        await chat.restart()
    assert receipt(voted) == "Your vote is country already."


async def test_spoiler_that_cannot_be_looked_up_leaves_the_card_as_it_is(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await chat.card(f"||{LINK}||")
    monkeypatch.setattr(chat.app.messages, "is_hidden", fail)
    assert receipt(await chat.bob.click(card, label=RIGHT)) == "Your vote: country. Thank you!"
    assert components_of(chat.current(card), CONTAINER)[0]["spoiler"]
