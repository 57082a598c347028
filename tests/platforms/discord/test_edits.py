"""Answers follow when their question is edited."""

from datetime import timedelta

import discord
import pytest

from bot.domain import emoji
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.platforms.discord.waiting_button import CUSTOM_ID
from bot.services.job_scheduler import RETRY_DELAY
from bot.services.rate_limits import PER_PERSON
from tests.platforms.discord.chat import BUTTON, CONTAINER, OTHER_LINK, Chat, components_of, text_of
from tests.support.fake_app import LINK
from tests.support.group_chats import fail


async def edit(chat: Chat, question: discord.Message, text: str) -> None:
    """Let Ann edit her message a second later, as Discord tells edits apart by their times."""
    await chat.env.advance_time(1)
    await chat.ann.edit(question, text)


async def test_link_that_an_edit_adds_is_answered(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, "soon")
    await edit(chat, question, LINK)
    (card,) = chat.replies()
    assert card.reference is not None
    assert card.reference.message_id == question.id
    await edit(chat, question, f"{LINK} and {OTHER_LINK}")
    (_, other) = chat.replies()
    assert "Heroes" in text_of(other)
    nonces = [sent["nonce"] for sent in chat.requests("POST", "/messages$")]
    assert len(set(nonces)) == 2, "Discord drops messages with the same nonce"


async def test_card_goes_with_its_link(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, f"{LINK} {OTHER_LINK}")
    await edit(chat, question, OTHER_LINK)
    (card,) = chat.replies()
    assert "Heroes" in text_of(card)
    await edit(chat, question, f"<{OTHER_LINK}>")
    assert chat.replies() == []
    assert chat.app.messages.stored == {}
    repeated = await chat.card(OTHER_LINK)
    assert "Heroes" in text_of(repeated), "no pointer to the card that is gone"


async def test_card_goes_after_a_restart(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, LINK)
    await chat.restart()
    await edit(chat, question, "oops")
    assert chat.replies() == []


async def test_edit_of_the_words_changes_nothing(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, LINK)
    before = len(chat.env.http_requests)
    await edit(chat, question, f"{LINK} wow")
    assert len(chat.env.http_requests) == before


async def test_edit_of_a_message_that_never_had_a_link_is_not_stored(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, "hm")
    await edit(chat, question, "hmm")
    assert not any("edit" in event for event in chat.app.events.seen)


async def test_event_without_an_edit_is_ignored(chat: Chat) -> None:
    """Discord sends one when it adds a preview, and when a message is pinned."""
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    question = await chat.ann.send(chat.music, LINK)
    chat.set_settings(ChannelSettings())
    chat.env.backend.crosspost_message(chat.music.id, question.id)
    await chat.env.settle()
    assert chat.replies() == []


async def test_old_message_gets_no_new_answers_and_loses_old_ones(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = await chat.ann.send(chat.music, LINK)
    later = chat.env.backend.clock.now() + timedelta(hours=2)
    monkeypatch.setattr(chat.env.backend, "now_iso", later.isoformat)
    await chat.ann.edit(question, OTHER_LINK)
    assert chat.replies() == []


async def test_edits_count_for_the_rate_limit(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, "soon")
    for number in range(PER_PERSON + 1):
        await edit(chat, question, (LINK, OTHER_LINK)[number % 2])
    (notice,) = chat.replies()
    assert "1 message waits" in text_of(notice)


async def fill(chat: Chat) -> int:
    """Let Ann reach her rate limit; return how many replies there are."""
    for number in range(PER_PERSON):
        await chat.ann.send(chat.music, (LINK, OTHER_LINK)[number % 2])
    return len(chat.replies())


async def answer_waiting(chat: Chat) -> None:
    """Let Bob press the button of the message that says that links wait, if it has one."""
    for message in chat.replies():
        if (buttons := components_of(message, BUTTON)) and buttons[0]["custom_id"] == CUSTOM_ID:
            await chat.bob.click(message, custom_id=CUSTOM_ID)


async def test_link_that_waits_and_is_hidden_meanwhile_gets_a_hidden_card(chat: Chat) -> None:
    await fill(chat)
    chat.app.wait(hours=1)  # else there is a pointer to the card
    question = await chat.ann.send(chat.music, LINK)
    await edit(chat, question, f"||{LINK}||")
    await answer_waiting(chat)
    card = chat.replies()[-1]
    assert card.reference is not None
    assert card.reference.message_id == question.id
    (container,) = components_of(card, CONTAINER)
    assert container["spoiler"]


@pytest.mark.parametrize("text", ["soon", LINK])
async def test_link_that_waits_and_is_edited_away_is_not_answered(chat: Chat, text: str) -> None:
    answered = await fill(chat)
    question = await chat.ann.send(chat.music, text)
    await edit(chat, question, f"{LINK} {OTHER_LINK}")
    assert "1 message waits" in text_of(chat.replies()[-1])
    await edit(chat, question, "oops")
    await answer_waiting(chat)
    assert "No message waits" in text_of(chat.replies()[-1])
    assert len(chat.replies()) == answered + 1


@pytest.mark.parametrize("hides", [False, True])
async def test_card_that_is_replaced_past_the_limit_is_not_lost(chat: Chat, *, hides: bool) -> None:
    first, second = (LINK, f"||{LINK}||") if hides else (f"||{LINK}||", LINK)
    question = await chat.ann.send(chat.music, first)
    chat.app.wait(hours=1)
    for number in range(PER_PERSON - 1):
        await chat.ann.send(chat.music, (LINK, OTHER_LINK)[number % 2])
    await edit(chat, question, second)
    await answer_waiting(chat)
    card = chat.replies()[-1]
    assert card.reference is not None
    assert card.reference.message_id == question.id


async def test_card_that_is_shown_openly_afterwards_is_replaced(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, f"||{LINK}||")
    await edit(chat, question, LINK)
    (card,) = chat.replies()
    (container,) = components_of(card, CONTAINER)
    assert not container.get("spoiler")


@pytest.mark.parametrize("first", ["soon", LINK])
async def test_card_that_its_person_deleted_does_not_come_back_after_a_restart(
    chat: Chat, first: str
) -> None:
    question = await chat.ann.send(chat.music, first)
    await edit(chat, question, f"{LINK} !")
    (card,) = chat.replies()
    await chat.ann.react(card, emoji.DELETE)
    assert chat.replies() == []
    await chat.restart()
    await edit(chat, question, f"{LINK} wow")
    assert chat.replies() == []


async def test_mention_that_an_edit_adds_asks_for_the_link_in_mode_on_request(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(Mode.ON_REQUEST))
    question = await chat.ann.send(chat.music, LINK)
    await edit(chat, question, f"{chat.mention} {LINK}")
    (card,) = chat.replies()
    assert "Old Town Road" in text_of(card)


async def test_edit_is_followed_when_the_database_works_again(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = await chat.ann.send(chat.music, LINK)
    with monkeypatch.context() as failing:
        failing.setattr(chat.app.messages, "answers", fail)
        await edit(chat, question, OTHER_LINK)
        assert len(chat.replies()) == 1
    await chat.env.advance_time(RETRY_DELAY)
    (card,) = chat.replies()
    assert "Heroes" in text_of(card)


async def test_edit_waits_for_the_answer_to_its_message(chat: Chat) -> None:
    question = chat.env.backend.create_message(chat.music.id, chat.ann.id, LINK)
    chat.env.backend.edit_message(chat.music.id, question.id, {"content": "oops"})
    await chat.env.settle()
    assert chat.replies() == []
