"""Which messages display which cards; charts; deletions."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.cards import Card, Theme
from bot.domain.errors import StorageFailed
from bot.domain.places import Message, Place
from tests.support.factories import message
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import CHANNEL, HEROES_LINK, fail, paste


async def test_a_failed_chart_is_none(app: FakeApp) -> None:
    (card,) = await app.services.ask.answer_message(message(LINK))
    assert isinstance(card, Card)
    cards = app.services.cards
    assert await cards.chart(card, Theme.DARK) == b"Old Town Road - Remix dark"
    app.renderer.broken = True
    assert await cards.chart(card, Theme.DARK) is None


async def test_a_sent_card_is_stored_with_the_hash_of_the_person_who_asked(app: FakeApp) -> None:
    question = message(LINK)
    (card,) = await app.services.ask.answer_message(question)
    assert isinstance(card, Card)
    await app.services.cards.on_sent(question, "reply-1", card)
    assert await app.services.cards.history(question.place, question.user) == [("reply-1", card)]
    assert await app.services.cards.displayed_by(question.place, "reply-1") == card
    assert set(app.messages.askers.values()) == {"test/ann"}


async def test_deleting_a_message_returns_all_answers_to_it_once(app: FakeApp) -> None:
    await paste(app, f"{LINK} {HEROES_LINK}", "m1")
    cards = app.services.cards
    assert set(await cards.on_deleted(CHANNEL, "m1")) == {"re:m1:0", "re:m1:1"}
    assert await cards.on_deleted(CHANNEL, "m1") == []


async def test_a_file_is_deleted_with_the_message_that_it_answers(app: FakeApp) -> None:
    question = message(LINK, "m1")
    await app.services.cards.on_other_sent(question, "F1")
    assert await app.services.cards.on_deleted(CHANNEL, "m1") == ["F1"]


async def test_a_deletion_is_remembered_for_that_message_and_channel(app: FakeApp) -> None:
    await paste(app, LINK, "m1")
    cards = app.services.cards
    await cards.on_deleted(CHANNEL, "m1")
    assert await cards.is_deleted(CHANNEL, "m1")
    assert not await cards.is_deleted(CHANNEL, "re:m1:0")
    assert not await cards.is_deleted(replace(CHANNEL, channel="d"), "m1")


async def test_progress_is_deleted_with_its_question_and_may_become_an_answer(
    app: FakeApp,
) -> None:
    cards, question = app.services.cards, Message(CHANNEL, "m1", "ann", "")
    assert await cards.progress_of(question) is None
    await cards.on_progress_sent(question, "reading")
    assert await cards.progress_of(question) == "reading"
    assert await cards.sent_replies(question) == []
    assert await cards.on_deleted(CHANNEL, "m1") == ["reading"]
    await cards.on_progress_sent(question, "reading")
    await cards.on_other_sent(question, "reading")
    assert await cards.progress_of(question) is None
    assert await cards.sent_replies(question) == [("reading", None)]


async def test_a_deletion_is_stored_before_answers_are_looked_up(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop, deleted = app.messages.drop, []

    async def observe(place: Place, message_id: str) -> Sequence[str]:
        deleted.append(await app.services.cards.is_deleted(place, "m1"))
        return await drop(place, message_id)

    monkeypatch.setattr(app.messages, "drop", observe)
    await app.services.cards.on_deleted(CHANNEL, "m1")
    assert deleted == [True, True]  # its answers, and what says how far they are


@pytest.mark.parametrize(("store", "method"), [("events", "first_time"), ("messages", "drop")])
async def test_a_deletion_that_cannot_be_recorded_is_repeated_by_the_caller(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, store: str, method: str
) -> None:
    cards = app.services.cards
    await paste(app, LINK, "m1")
    with monkeypatch.context() as failing:
        failing.setattr(getattr(app, store), method, fail)
        with pytest.raises(StorageFailed):
            await cards.on_deleted(CHANNEL, "m1")
    assert await cards.on_deleted(CHANNEL, "m1") == ["re:m1:0"]


async def test_without_a_database_nobody_counts_as_not_having_asked(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.messages, "asked", fail)
    with pytest.raises(StorageFailed):
        await app.services.cards.is_answer_to(CHANNEL, "re:m1:0", "ann")


async def test_a_message_does_not_count_as_deleted_or_not_while_the_database_fails(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.events, "known", fail)
    with pytest.raises(StorageFailed):
        await app.services.cards.is_deleted(CHANNEL, "m1")


async def test_a_reply_is_an_answer_to_the_person_who_asked_only(app: FakeApp) -> None:
    await paste(app, LINK, "m1")
    cards = app.services.cards
    assert await cards.is_answer_to(CHANNEL, "re:m1:0", "ann")
    assert not await cards.is_answer_to(CHANNEL, "re:m1:0", "bob")
    assert not await cards.is_answer_to(CHANNEL, "another", "ann")


async def test_recent_cards_of_a_person_are_newest_first(app: FakeApp) -> None:
    await paste(app, LINK, "m1")
    await paste(app, HEROES_LINK, "m2")
    found = await app.services.cards.requested_by(CHANNEL, "ann")
    assert [card.answer.subject.title for card in found] == ["Heroes", "Old Town Road - Remix"]
    assert await app.services.cards.requested_by(CHANNEL, "bob") == []
