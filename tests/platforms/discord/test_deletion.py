"""Replies are deleted with their question, or by the person who asked."""

import pytest

from bot.domain.emoji import DELETE
from bot.services.failures import LAST_RETRY
from bot.services.job_scheduler import RETRY_DELAY
from tests.platforms.discord.chat import OTHER_LINK, Chat
from tests.support.fake_app import LINK
from tests.support.group_chats import fail


async def test_deleting_a_message_deletes_all_replies_to_it(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, f"{LINK} {OTHER_LINK}")
    assert len(chat.replies()) == 2
    await chat.ann.delete(question)
    assert chat.replies() == []


async def test_deleting_a_message_deletes_notices_and_pointers(chat: Chat) -> None:
    await chat.card(LINK)
    repeated = await chat.ann.send(chat.music, LINK)
    album = await chat.ann.send(chat.music, LINK.replace("track", "album"))
    assert len(chat.replies()) == 3
    await chat.ann.delete(repeated)
    await chat.ann.delete(album)
    assert len(chat.replies()) == 1


async def test_deleting_a_message_after_a_restart_deletes_the_reply(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, LINK)
    await chat.restart()
    await chat.ann.delete(question)
    assert chat.replies() == []


async def test_bulk_deletion_deletes_the_replies(chat: Chat) -> None:
    questions = [await chat.ann.send(chat.music, link) for link in (LINK, OTHER_LINK)]
    chat.env.backend.bulk_delete_messages(chat.music.id, [message.id for message in questions])
    await chat.env.settle()
    assert chat.replies() == []


async def test_deleting_another_message_deletes_nothing(chat: Chat) -> None:
    await chat.card(LINK)
    await chat.ann.delete(await chat.ann.send(chat.music, "hm"))
    assert len(chat.replies()) == 1


async def test_message_deleted_before_the_answer_gets_none(chat: Chat) -> None:
    message = "Invalid Form Body\nIn message_reference: Unknown message"
    chat.env.inject_error("POST", "/channels/*/messages", status=400, code=50035, message=message)
    stored = chat.env.backend.create_message(chat.music.id, chat.ann.id, LINK)
    chat.env.backend.delete_message(chat.music.id, stored.id)
    await chat.env.settle()
    assert chat.replies() == []
    assert len(chat.requests("POST", "/messages$")) == 1


async def test_wastebasket_of_the_person_who_asked_deletes_the_reply(chat: Chat) -> None:
    for emoji in (DELETE, DELETE[0]):
        card = await chat.card(LINK)
        await chat.ann.react(card, emoji)
        assert chat.replies() == []


async def test_wastebasket_of_another_person_does_nothing(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.bob.react(card, DELETE)
    assert len(chat.replies()) == 1


async def test_wastebasket_deletes_the_answer_to_a_command(chat: Chat) -> None:
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert result.response is not None
    await chat.bob.react(result.response, DELETE)
    assert len(chat.replies()) == 1
    await chat.ann.react(result.response, DELETE)
    assert chat.replies() == []


async def test_wastebasket_under_a_message_of_a_person_deletes_nothing(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, "no link")
    await chat.ann.react(question, DELETE)
    assert chat.requests("DELETE") == []


async def test_removing_the_wastebasket_deletes_nothing(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.bob.react(card, DELETE)
    await chat.bob.unreact(card, DELETE)
    assert len(chat.replies()) == 1


async def test_deleting_a_reply_that_is_already_deleted_is_not_an_error(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, LINK)
    chat.env.inject_error("DELETE", "/channels/*/messages/*", status=404, code=10008)
    await chat.ann.delete(question)
    assert len(chat.requests("DELETE")) == 1


@pytest.mark.usefixtures("late_retries")
@pytest.mark.parametrize(("store", "method"), [("events", "first_time"), ("messages", "drop")])
async def test_replies_are_deleted_when_the_database_works_again(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, store: str, method: str
) -> None:
    question = await chat.ann.send(chat.music, LINK)
    with monkeypatch.context() as failing:
        failing.setattr(getattr(chat.app, store), method, fail)
        await chat.ann.delete(question)
        assert len(chat.replies()) == 1
    await chat.env.advance_time(LAST_RETRY)
    assert chat.replies() == []


async def test_wastebasket_counts_when_the_database_works_again(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await chat.card(LINK)
    with monkeypatch.context() as failing:
        failing.setattr(chat.app.messages, "asked", fail)
        await chat.ann.react(card, DELETE)
        assert len(chat.replies()) == 1
    await chat.env.advance_time(RETRY_DELAY)
    assert chat.replies() == []
