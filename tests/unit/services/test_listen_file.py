"""Files of one's own: how their answers are named, and what is stored of them."""

import hashlib
import io
import threading
from dataclasses import replace

import pytest

from bot.domain.cards import Card
from bot.domain.errors import NotAudio, NotMusic, Unavailable
from bot.domain.places import Message, Place
from bot.domain.tracks import MAX_TITLE_LENGTH
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import BUSY, DAMAGED, MUSIC, SPEECH, FakeUpload, heard

MESSAGE = Message(Place("terminal", "local", "terminal"), "1", "ann", "")


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.mark.parametrize(
    ("tags", "file_name", "named"),
    [
        (("A Song", "A Band"), "x.mp3", ("A Song", ("A Band",))),
        (("", ""), "My song.live.mp3", ("My song.live", ())),
        (("", "A Band"), "x.mp3", ("x", ("A Band",))),
        (("a\0b\ud800", "\0"), "x.mp3", ("a\ufffdb\ufffd", ("\ufffd",))),
        (("", ""), "caf\udce9.mp3", ("caf\ufffd", ())),
    ],
)
async def test_track_is_named_by_its_tags_or_its_file(
    app: FakeApp,
    tags: tuple[str, str],
    file_name: str,
    named: tuple[str, tuple[str, ...]],
) -> None:
    app.listener.title, app.listener.artist = tags
    card = await app.services.listen.answer_file(io.BytesIO(MUSIC), file_name, MESSAGE)
    assert (card.answer.subject.title, card.answer.subject.artists) == named


async def test_long_names_are_shortened(app: FakeApp) -> None:
    app.listener.title, app.listener.artist = "t" * 999, "a" * 999
    card = await app.services.listen.answer_file(io.BytesIO(MUSIC), "x.mp3", MESSAGE)
    subject = card.answer.subject
    assert len(subject.title) == len(subject.artists[0]) == MAX_TITLE_LENGTH


async def test_answer_with_what_was_heard_is_stored(app: FakeApp) -> None:
    card = await app.services.listen.answer_file(io.BytesIO(MUSIC), "x.mp3", MESSAGE)
    stored = app.predictions.cards[card.id].answer
    assert stored == card.answer
    assert stored.heard == heard()
    assert stored.by_sound_alone
    assert app.listener.groups == ["terminal/local/ann"]


@pytest.mark.parametrize(
    ("content", "error"), [(SPEECH, NotMusic), (DAMAGED, NotAudio), (BUSY, Unavailable)]
)
async def test_what_cannot_be_answered_is_raised(
    app: FakeApp, content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await app.services.listen.answer_file(io.BytesIO(content), "x.mp3", MESSAGE)
    assert app.predictions.cards == {}


async def test_waiting_is_told_with_the_name(app: FakeApp) -> None:
    told: list[str] = []

    async def tell(sentence: str) -> None:
        told.append(sentence)

    app.listener.before = 3
    for name in ("x.mp3", ""):
        await app.services.listen.answer_file(io.BytesIO(MUSIC), name, MESSAGE, tell)
    assert "x.mp3" in told[0]
    assert "Your sound file" in told[1]


async def test_same_file_is_the_same_track(app: FakeApp) -> None:
    one = await app.services.listen.answer_file(io.BytesIO(MUSIC), "x.mp3", MESSAGE)
    other = await app.services.listen.answer_file(
        io.BytesIO(MUSIC), "y.mp3", replace(MESSAGE, id="2")
    )
    assert one.id != other.id
    assert one.answer.subject.key == other.answer.subject.key
    third = await app.services.listen.answer_file(
        io.BytesIO(MUSIC + b"\nother"), "x.mp3", replace(MESSAGE, id="3")
    )
    assert third.answer.subject.key != one.answer.subject.key


async def test_digest_is_made_of_files_of_ones_own_only(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def noted(*data: bytes) -> "hashlib._Hash":
        threads.append(threading.current_thread())
        return sha256(*data)

    sha256 = hashlib.sha256
    monkeypatch.setattr(hashlib, "sha256", noted)
    await app.services.listen.answer([FakeUpload()], MESSAGE)
    assert not threads
    await app.services.listen.answer([FakeUpload(is_message_content=False)], MESSAGE)
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread(), "the event loop is not blocked"


async def test_of_a_file_in_a_chat_words_are_remembered_and_no_embedding(app: FakeApp) -> None:
    (card,) = await app.services.listen.answer([FakeUpload()], MESSAGE)
    assert isinstance(card, Card)
    stored = app.predictions.cards[card.id]
    assert stored.answer.heard == heard().without_content()
    assert app.services.listen.complete(stored).answer.heard == heard(embedding=b"")
    assert card.answer.heard == heard(embedding=b"")
