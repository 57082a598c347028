"""A sound file is dropped on every platform; it is heard by the real networks."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import soundfile

from tests.scenario.drivers import DisplayedCard
from tests.scenario.story import Start
from tests.support import sounds

PLATFORMS = ["web", "public web", "discord", "discord on the wire", "slack-socket", "slack-http"]

NAME = "Zanzibar Fjord.mp3"
TITLE = "Quixotic Umbrella"


@pytest.fixture(scope="module")
def music() -> bytes:
    """Return an MP3 of ten seconds with a title of its own."""
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", sounds.RATE, 2, format="MP3", subtype="MPEG_LAYER_III"
    ) as sound:
        sound.title = TITLE
        sound.write(sounds.song(10))
    return file.getvalue()


@pytest.mark.parametrize("start", PLATFORMS, indirect=True)
async def test_dropped_file_is_heard_voted_on_and_remembered(
    start: Start, music: bytes, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with start() as person:
        (card,) = await person.drop_file(NAME, music)
        assert isinstance(card, DisplayedCard)
        assert "Heard:" in card.text
        assert "from the sound alone" in card.text.casefold()
        assert card.chart.startswith(b"\x89PNG")
        assert await person.vote(card, "choice", "latin") == "latin"

        (sentence,) = await person.drop_file("silence.wav", wav_of_silence())
        assert isinstance(sentence, str)
        assert "silence" in sentence.casefold()
        (sentence,) = await person.drop_file("broken.mp3", b"ID3 is no sound")
        assert isinstance(sentence, str)
        assert "broken.mp3" in sentence

    async with start() as person:
        (again,) = await person.history()
        assert again.id == card.id
        assert again.counted == "latin"
        assert "1 track in 1 answer" in await person.stats()

    assert_kept(tmp_path, in_a_chat=request.node.callspec.params["start"] != "web")


def wav_of_silence() -> bytes:
    file = io.BytesIO()
    soundfile.write(file, sounds.song(3) * 0, sounds.RATE, format="WAV")
    return file.getvalue()


def assert_kept(folder: Path, *, in_a_chat: bool) -> None:
    """Of a file in a chat nothing is kept but the answer, in no table of the database."""
    (database,) = folder.rglob("soundslike.db")
    with closing(sqlite3.connect(database)) as connection:
        text = "\n".join(connection.iterdump())
    assert (TITLE in text) is not in_a_chat
    assert ('embedding": ""' in text) is in_a_chat
    if in_a_chat:
        assert "Zanzibar" not in text
        assert "guitar" not in text
