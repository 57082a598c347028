"""Sound files whose address is not known any more: their message is read again."""

from typing import Any

import pytest

from bot import texts
from bot.domain.errors import NotAudio
from bot.domain.jobs import Job, JobKind
from bot.platforms.discord.sound_uploads import RETRY_SECONDS
from model.sound.errors import Problem
from tests.platforms.discord.chat import Chat, text_of
from tests.support.fake_app import LINK
from tests.support.fake_listener import MUSIC
from tests.support.killed_process import KilledProcess
from tests.support.simulated_cdn import HOST, session_of

SONG = ("secret song.mp3", MUSIC)
CARD = texts.sound_title(None)
READ = "/channels/*/messages/*"
LONG_AGO, IN_YEARS = "1", "7fffffff"


async def left(chat: Chat, *files: tuple[str, bytes], text: str = "") -> Job:
    """Post files, and put the job back as a process leaves it that ends before it answers."""
    killed = KilledProcess(chat.app)
    for reply in await chat.drop(*files, text=text):
        chat.env.backend.delete_message(chat.music.id, reply.id)
    await chat.env.settle()
    job = killed.job(JobKind.MESSAGE)
    chat.app.predictions.cards.clear()
    await killed.leave(job)
    return job


def reads(chat: Chat) -> int:
    """Return how often a message was read again."""
    return len(chat.requests("GET", r"/messages/\d+$"))


async def test_file_is_answered_after_a_restart(chat: Chat) -> None:
    await left(chat, SONG)
    await chat.restart()
    (card,) = chat.replies()
    assert CARD in text_of(card)
    assert reads(chat) == 1


async def test_message_is_not_read_again_without_a_restart(chat: Chat) -> None:
    await chat.drop(SONG)
    assert reads(chat) == 0


async def test_links_are_answered_after_a_restart_without_reading_their_message(
    chat: Chat,
) -> None:
    await left(chat, text=LINK)
    await chat.restart()
    assert len(chat.replies()) == 1
    assert reads(chat) == 0


@pytest.mark.parametrize("text", ["", "{mention} what is this?"])
async def test_question_that_was_deleted_meanwhile_is_not_answered(chat: Chat, text: str) -> None:
    job = await left(chat, SONG, text=text.format(mention=chat.mention))
    del chat.env.backend.messages[chat.music.id][int(job.id)]
    await chat.restart()
    assert chat.replies() == []
    assert chat.app.inbox.rows == {}


async def test_message_that_may_not_be_read_again_gets_one_sentence(chat: Chat) -> None:
    await left(chat, SONG, ("b.mp3", MUSIC))
    chat.env.inject_error("GET", READ, status=403, code=50001, times=None)
    await chat.restart()
    (reply,) = chat.replies()
    assert text_of(reply).strip() == texts.failure(NotAudio(Problem.MISSING), CARD)
    assert chat.app.inbox.rows == {}


async def test_file_that_was_removed_from_its_message_gets_a_sentence(chat: Chat) -> None:
    job = await left(chat, SONG, ("b.mp3", MUSIC))
    message = chat.env.backend.get_message(chat.music.id, int(job.id))
    message.attachments = message.attachments[1:]
    await chat.restart()
    sentence, card = chat.replies()
    missing = texts.failure(NotAudio(Problem.MISSING), texts.sound_title(1))
    assert text_of(sentence).strip() == missing
    assert texts.sound_title(2) in text_of(card)


async def test_file_waits_while_discord_cannot_be_reached(chat: Chat) -> None:
    await left(chat, SONG)
    chat.env.inject_error("GET", READ, status=500, times=10)
    await chat.restart()
    assert chat.replies() == []
    assert len(chat.app.inbox.rows) == 1
    chat.env.backend.faults.clear()
    await chat.env.advance_time(RETRY_SECONDS + 5)
    (card,) = chat.replies()
    assert CARD in text_of(card)


def move(chat: Chat, message_id: str, expires: str) -> str:
    """Give the file of a message a new address; return it."""
    message = chat.env.backend.get_message(chat.music.id, int(message_id))
    (file,) = message.attachments
    url = f"{HOST}/attachments/new.mp3?ex={expires}"
    chat.env.backend.cdn._blobs[url] = MUSIC
    message.attachments = [{**file, "url": url}]
    return url


def expire(chat: Chat, monkeypatch: pytest.MonkeyPatch, expires: str) -> None:
    """Let the addresses of files that are posted next expire, and lead nowhere."""
    store = chat.env.backend.cdn.store_attachment

    def stored(*args: Any, **options: Any) -> dict[str, Any]:
        return {**store(*args, **options), "url": f"{HOST}/attachments/old.mp3?ex={expires}"}

    monkeypatch.setattr(chat.env.backend.cdn, "store_attachment", stored)


@pytest.mark.parametrize(
    ("expires", "fetched"),
    [(LONG_AGO, ["new"]), (IN_YEARS, ["old", "new"]), ("no", ["old", "new"])],
)
async def test_address_that_has_expired_is_renewed_once(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, expires: str, fetched: list[str]
) -> None:
    expire(chat, monkeypatch, expires)
    backend = chat.env.backend
    files = backend.store_attachments(chat.music.id, [SONG])
    sent = backend.create_message(chat.music.id, chat.ann.id, attachments=files)
    move(chat, str(sent.id), IN_YEARS)
    await chat.env.settle()
    (card,) = chat.replies()
    assert CARD in text_of(card)
    assert [url.partition("attachments/")[2][:3] for url in chat.fetched] == fetched
    assert reads(chat) == 1


async def test_expired_address_that_cannot_be_renewed_gets_a_sentence(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    expire(chat, monkeypatch, LONG_AGO)
    (reply,) = await chat.drop(SONG)
    assert text_of(reply).strip() == texts.failure(NotAudio(Problem.MISSING), SONG[0])
    assert chat.fetched == []


@pytest.mark.parametrize(("status", "times"), [(403, 1), (404, 1), (500, 10)])
async def test_expired_address_of_an_unreadable_message_gets_a_sentence(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, status: int, times: int
) -> None:
    expire(chat, monkeypatch, LONG_AGO)
    chat.env.inject_error("GET", READ, status=status, code=50001, times=times)
    (reply,) = await chat.drop(SONG)
    assert CARD not in text_of(reply)
    assert len(text_of(reply).strip()) > 20


async def test_connection_that_breaks_gets_a_sentence(chat: Chat) -> None:
    session_of(chat.env.bot.http).broken = True
    (reply,) = await chat.drop(SONG)
    assert "Please try again in a minute." in text_of(reply)
    assert chat.app.predictions.cards == {}
    assert chat.app.inbox.rows == {}
