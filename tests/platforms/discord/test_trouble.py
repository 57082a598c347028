"""Failures: no exception escapes, nothing is sent twice, and the user gets an error message."""

import pytest

from bot import texts
from bot.domain.emoji import GENRES
from bot.domain.errors import StorageFailed
from bot.services.failures import LAST_RETRY
from bot.services.job_scheduler import RETRY_DELAY
from tests.platforms.discord.chat import OTHER_LINK, SELECT, Chat, components_of, text_of
from tests.support.fake_app import LINK

MESSAGES = "/channels/*/messages"
RESPONSES = "/webhooks/*"
CALLBACK = "/interactions/*/callback"
PRIVATE = "text of a user"


@pytest.mark.parametrize(
    ("status", "code"), [(500, 0), (503, 0), (429, 0), (404, 10003), (403, 50001)]
)
async def test_reply_that_cannot_be_sent_does_not_affect_the_next_one(
    chat: Chat, status: int, code: int
) -> None:
    chat.env.inject_error("POST", MESSAGES, status=status, code=code, times=2)
    await chat.ann.send(chat.music, LINK)
    assert chat.replies() == []
    chat.env.backend.faults.clear()
    await chat.card(OTHER_LINK)


async def test_repeated_link_gets_a_card_if_the_first_could_not_be_sent(chat: Chat) -> None:
    chat.env.inject_error("POST", MESSAGES)
    await chat.ann.send(chat.music, LINK)
    assert len(components_of(await chat.card(LINK), SELECT)) == 1


async def test_second_card_is_sent_if_the_first_fails(chat: Chat) -> None:
    chat.env.inject_error("POST", MESSAGES)
    assert "Heroes" in text_of(await chat.card(f"{LINK} {OTHER_LINK}"))


@pytest.mark.parametrize(("status", "code"), [(500, 0), (403, 50013), (404, 10008), (429, 0)])
async def test_card_works_if_reactions_cannot_be_offered(
    chat: Chat, status: int, code: int
) -> None:
    chat.env.inject_error("PUT", "*/reactions/*", status=status, code=code)
    card = await chat.card(LINK)
    assert card.reactions == []
    await chat.ann.react(card, GENRES["jazz"])
    assert chat.app.votes.counted() == [(1, "jazz")]


async def test_card_without_chart_displays_votes(chat: Chat) -> None:
    chat.env.inject_error("POST", MESSAGES, status=403, code=50013)
    card = await chat.card(LINK)
    chat.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50013)
    await chat.ann.react(card, GENRES["jazz"])
    assert "1 says jazz." in text_of(chat.current(card))
    chat.env.inject_error("PATCH", "/webhooks/*", status=403, code=50013)
    await chat.ann.select(card, ["pop"])
    assert "1 says pop." in text_of(chat.current(card))


async def test_expired_interaction_is_logged_only(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot")
    chat.env.inject_error("POST", CALLBACK, status=404, code=10062, times=None)
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert not result.acknowledged
    assert chat.replies() == []
    assert chat.app.predictions.cards == {}
    assert chat.app.inbox.rows == {}
    assert "NotFound" in caplog.text


async def test_choice_in_an_expired_interaction_is_not_a_vote(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.env.inject_error("POST", CALLBACK, status=404, code=10062)
    await chat.ann.select(card, ["jazz"])
    assert chat.app.votes.counted() == []


async def test_choice_whose_confirmation_fails_is_displayed_on_the_card(
    chat: Chat,
) -> None:
    card = await chat.card(LINK)
    chat.env.inject_error("POST", RESPONSES)
    await chat.ann.select(card, ["jazz"])
    assert chat.app.votes.counted() == [(1, "jazz")]
    assert "1 says jazz." in text_of(chat.current(card))


@pytest.mark.parametrize(("status", "code"), [(500, 0), (503, 0), (400, 50035), (403, 50013)])
async def test_command_whose_card_cannot_be_sent_gets_an_error_message(
    chat: Chat, status: int, code: int
) -> None:
    chat.env.inject_error("POST", RESPONSES, status=status, code=code)
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert text_of(result.response).strip() != ""
    assert len(chat.replies()) == 1


async def test_command_whose_responses_all_fail_raises_nothing(chat: Chat) -> None:
    chat.env.inject_error("*", RESPONSES, times=None)
    await chat.ann.slash(chat.music, "genre", song=LINK)
    assert chat.env.errors == []
    chat.env.backend.faults.clear()
    await chat.card(OTHER_LINK)


@pytest.mark.parametrize("command", ["genre-stats", "genre-forget-me"])
async def test_storage_failure_is_reported_by_commands(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    async def broken(*_: object) -> None:
        raise StorageFailed("unavailable")

    monkeypatch.setattr(chat.app.stats, "of", broken)
    monkeypatch.setattr(chat.app.votes, "forget", broken)
    result = await chat.ann.slash(chat.music, command)
    assert "I can't reach my database" in text_of(result.response)


async def test_link_is_answered_once_when_the_database_works_again(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise StorageFailed("unavailable")

    with monkeypatch.context() as failing:
        for store, method in (
            (chat.app.predictions, "add"),
            (chat.app.settings, "get"),
            (chat.app.messages, "latest"),
        ):
            failing.setattr(store, method, broken)
        await chat.ann.send(chat.music, LINK)
        assert chat.replies() == []
    await chat.env.advance_time(RETRY_DELAY)
    assert "Old Town Road" in text_of(chat.replies()[0])
    assert len(chat.replies()) == 1


@pytest.mark.usefixtures("late_retries")
async def test_link_is_stored_when_the_database_can_be_written_again(chat: Chat) -> None:
    chat.app.inbox.locked = True
    await chat.ann.send(chat.music, LINK)
    assert chat.replies() == []
    chat.app.inbox.locked = False
    await chat.env.advance_time(LAST_RETRY)
    assert "Old Town Road" in text_of(chat.replies()[0])


async def test_command_that_cannot_be_stored_is_refused(chat: Chat) -> None:
    chat.app.inbox.locked = True
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert texts.TRY_AGAIN in text_of(result.response)
    assert chat.app.predictions.cards == {}


async def test_unexpected_command_error_is_reported_and_logged_without_its_message(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError(PRIVATE)

    monkeypatch.setattr(chat.app.services.voting, "forget", broken)
    caplog.set_level("INFO", "bot")
    result = await chat.ann.slash(chat.music, "genre-forget-me")
    assert texts.TRY_AGAIN in text_of(result.response)
    (record,) = caplog.records
    assert "RuntimeError" in record.getMessage()
    assert PRIVATE not in caplog.text


async def test_unexpected_event_error_is_logged_without_its_message(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(PRIVATE)

    monkeypatch.setattr(chat.app.services.group_chat, "on_message", broken)
    await chat.ann.send(chat.music, LINK)
    assert "failed: RuntimeError" in caplog.text
    assert PRIVATE not in caplog.text


async def test_message_text_is_never_logged(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "bot")
    chat.app.features.away = True
    await chat.ann.send(chat.music, f"xyzzy {LINK} {LINK.replace('track', 'album')}")
    await chat.ann.slash(chat.music, "genre", song="xyzzy")
    assert caplog.records != []
    assert "xyzzy" not in caplog.text


async def test_deleted_channel_is_not_an_error(chat: Chat) -> None:
    chat.env.backend.create_message(chat.music.id, chat.ann.id, LINK)
    chat.env.backend.delete_channel(chat.music.id)
    await chat.env.settle()
    assert len(chat.requests("POST", "/messages$")) <= 1


async def test_unavailable_music_service_is_reported(chat: Chat) -> None:
    chat.app.features.away = True
    assert "The music services don" in text_of(await chat.card(LINK))
