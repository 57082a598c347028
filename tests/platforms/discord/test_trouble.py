"""When something breaks: nothing crashes, nothing is said twice, and a sentence where possible."""

import pytest

from bot import texts
from bot.domain.emoji import GENRES
from bot.domain.errors import StorageFailed
from tests.platforms.discord.chat import OTHER_LINK, SELECT, Chat, components_of, text_of
from tests.support.fake_app import LINK

MESSAGES = "/channels/*/messages"
ANSWERS = "/webhooks/*"
CALLBACK = "/interactions/*/callback"
PRIVATE = "what somebody wrote"


@pytest.mark.parametrize(
    ("status", "code"), [(500, 0), (503, 0), (429, 0), (404, 10003), (403, 50001)]
)
async def test_a_reply_that_cannot_be_sent_is_given_up_and_the_next_one_is_sent(
    chat: Chat, status: int, code: int
) -> None:
    chat.env.inject_error("POST", MESSAGES, status=status, code=code, times=2)
    await chat.ann.send(chat.music, LINK)
    assert chat.replies() == []
    chat.env.backend.faults.clear()
    await chat.card(OTHER_LINK)


async def test_a_reply_that_could_not_be_sent_is_pointed_to_by_nobody(chat: Chat) -> None:
    chat.env.inject_error("POST", MESSAGES)
    await chat.ann.send(chat.music, LINK)
    assert len(components_of(await chat.card(LINK), SELECT)) == 1


async def test_a_second_card_is_sent_when_the_first_one_cannot_be(chat: Chat) -> None:
    chat.env.inject_error("POST", MESSAGES)
    assert "Heroes" in text_of(await chat.card(f"{LINK} {OTHER_LINK}"))


@pytest.mark.parametrize(("status", "code"), [(500, 0), (403, 50013), (404, 10008), (429, 0)])
async def test_reactions_that_cannot_be_offered_leave_the_card_as_it_is(
    chat: Chat, status: int, code: int
) -> None:
    chat.env.inject_error("PUT", "*/reactions/*", status=status, code=code)
    card = await chat.card(LINK)
    assert card.reactions == []
    await chat.ann.react(card, GENRES["jazz"])
    assert chat.app.votes.counted() == [(1, "jazz")]


async def test_a_card_without_its_picture_still_shows_votes(chat: Chat) -> None:
    chat.env.inject_error("POST", MESSAGES, status=403, code=50013)
    card = await chat.card(LINK)
    chat.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50013)
    await chat.ann.react(card, GENRES["jazz"])
    assert "You say: jazz (1)." in text_of(chat.current(card))
    chat.env.inject_error("PATCH", "/webhooks/*", status=403, code=50013)
    await chat.ann.select(card, ["pop"])
    assert "You say: pop (1)." in text_of(chat.current(card))


async def test_an_interaction_that_expired_is_dropped_in_silence(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    chat.env.inject_error("POST", CALLBACK, status=404, code=10062, times=None)
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert not result.acknowledged
    assert chat.replies() == []
    assert chat.app.predictions.cards == {}
    assert len(chat.env.errors) == 1
    assert "NotFound" in caplog.text


async def test_a_choice_in_an_interaction_that_expired_is_no_vote(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.env.inject_error("POST", CALLBACK, status=404, code=10062)
    await chat.ann.select(card, ["jazz"])
    assert chat.app.votes.counted() == []


async def test_a_choice_whose_receipt_cannot_be_sent_is_still_shown_on_the_card(
    chat: Chat,
) -> None:
    card = await chat.card(LINK)
    chat.env.inject_error("POST", ANSWERS)
    await chat.ann.select(card, ["jazz"])
    assert chat.app.votes.counted() == [(1, "jazz")]
    assert "You say: jazz (1)." in text_of(chat.current(card))


@pytest.mark.parametrize(("status", "code"), [(500, 0), (503, 0), (400, 50035), (403, 50013)])
async def test_a_command_whose_card_cannot_be_sent_ends_in_a_sentence(
    chat: Chat, status: int, code: int
) -> None:
    chat.env.inject_error("POST", ANSWERS, status=status, code=code)
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert text_of(result.response).strip() != ""
    assert len(chat.replies()) == 1


async def test_a_command_whose_every_answer_fails_does_not_crash(chat: Chat) -> None:
    chat.env.inject_error("*", ANSWERS, times=None)
    await chat.ann.slash(chat.music, "genre", song=LINK)
    assert chat.env.errors == []
    chat.env.backend.faults.clear()
    await chat.card(OTHER_LINK)


@pytest.mark.parametrize("command", ["genre-stats", "genre-forget-me"])
async def test_a_database_that_does_not_answer_is_told_in_a_sentence(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    async def broken(*_: object) -> None:
        raise StorageFailed("gone")

    monkeypatch.setattr(chat.app.stats, "of", broken)
    monkeypatch.setattr(chat.app.votes, "forget", broken)
    result = await chat.ann.slash(chat.music, command)
    assert "I can't reach my database" in text_of(result.response)


async def test_a_database_that_does_not_answer_leaves_links_with_a_sentence(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise StorageFailed("gone")

    for store, method in (
        (chat.app.predictions, "add"),
        (chat.app.events, "first_time"),
        (chat.app.settings, "get"),
        (chat.app.messages, "latest"),
        (chat.app.messages, "remember"),
    ):
        monkeypatch.setattr(store, method, broken)
    assert "I can't reach my database" in text_of(await chat.card(LINK))


async def test_what_nobody_foresaw_ends_in_a_sentence_and_one_log_line_without_words(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError(PRIVATE)

    monkeypatch.setattr(chat.app.services.voting, "forget", broken)
    caplog.set_level("INFO", "bot")
    result = await chat.ann.slash(chat.music, "genre-forget-me")
    assert texts.TRY_AGAIN in text_of(result.response)
    assert len(chat.env.errors) == 1
    (record,) = caplog.records
    assert "RuntimeError" in record.getMessage()
    assert PRIVATE not in caplog.text


async def test_an_event_that_nobody_foresaw_is_logged_without_its_words(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(PRIVATE)

    monkeypatch.setattr(chat.app.services.group_chat, "on_message", broken)
    await chat.ann.send(chat.music, LINK)
    assert len(chat.env.errors) == 1
    assert "on_message: failed: RuntimeError" in caplog.text
    assert PRIVATE not in caplog.text


async def test_the_text_of_a_message_is_never_logged(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "bot")
    chat.app.features.away = True
    await chat.ann.send(chat.music, f"xyzzy {LINK} {LINK.replace('track', 'album')}")
    await chat.ann.slash(chat.music, "genre", song="xyzzy")
    assert caplog.records != []
    assert "xyzzy" not in caplog.text


async def test_a_deleted_channel_is_no_trouble(chat: Chat) -> None:
    chat.env.backend.create_message(chat.music.id, chat.ann.id, LINK)
    chat.env.backend.delete_channel(chat.music.id)
    await chat.env.settle()
    assert len(chat.requests("POST", "/messages$")) <= 1


async def test_a_service_that_does_not_answer_is_told_in_a_sentence(chat: Chat) -> None:
    chat.app.features.away = True
    assert "The music services don" in text_of(await chat.card(LINK))
