"""`ask` with a sound file: offline, without an account, with the real decoder and networks."""

import json
from pathlib import Path
from typing import Any

import pytest
import soundfile

from tests.process.conftest import ROOT, Completed, Run
from tests.support import sounds

CONNECTIONS = "connections.txt"
FILES = ("--chart", "c.png", "--card", "s.png")
WATCHED = f"""
import sys

def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        with open({CONNECTIONS!r}, "a") as file:
            print(event, arguments, file=file)

sys.addaudithook(note)
"""
"""Module that Python imports at its start: it notes the connections of the process."""


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Return a song with blanks in its name, in the folder in which commands run."""
    return sounds.write(tmp_path / "A home-made song.wav", 4)


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, str]:
    """Return the variables with which a command notes its connections."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCHED, encoding="utf-8")
    return {"PYTHONPATH": f"{tmp_path / 'watch'}:{ROOT}"}


def error(completed: Completed) -> dict[str, Any]:
    assert completed.code == 1, completed
    assert "Traceback" not in completed.err
    found: dict[str, Any] = json.loads(completed.out)["error"]
    assert found["message"].endswith((".", "?"))
    return found


async def test_file_is_answered_without_a_connection(
    run: Run, song: Path, tmp_path: Path, watched: dict[str, str]
) -> None:
    completed = await run("soundslike", "ask", song.name, "--json", *FILES, **watched)
    assert completed.code == 0, completed
    assert completed.err == ""
    found = json.loads(completed.out)
    assert found["track"]["title"] == song.stem
    assert found["source"] == "audio"
    assert [one["genre"] for one in found["genres"]] == [
        one["genre"] for one in found["heard"]["genres"]
    ]
    assert sum(one["probability"] for one in found["genres"]) == pytest.approx(1, abs=1e-6)
    heard = found["heard"]
    assert heard["music"] is True
    assert heard["seconds"] == pytest.approx(4, abs=0.1)
    assert all(set(one) == {"tag", "probability"} for one in heard["tags"])
    assert {"tempo", "loudness", "key", "other_tempo", "verdict", "model"} <= set(heard)
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")
    assert not (tmp_path / CONNECTIONS).exists()


async def test_connections_would_be_noted(
    run: Run, tmp_path: Path, watched: dict[str, str]
) -> None:
    await run("soundslike", "ask", "a song that nobody knows", "--json", **watched)
    assert (tmp_path / CONNECTIONS).exists()


async def test_card_is_printed(run: Run, song: Path) -> None:
    completed = await run("soundslike", "ask", str(song))
    assert completed.code == 0, completed
    assert completed.out.startswith(song.stem)
    assert "from the sound" in completed.out


async def test_what_is_no_music_or_no_sound_ends_with_a_reason(run: Run, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.flac", sounds.song(3) * 0, sounds.RATE)
    (tmp_path / "lie.mp3").write_text("no sound at all, but a text")
    (tmp_path / "empty.ogg").write_bytes(b"")
    (tmp_path / "album").mkdir()
    expected = {
        "silence.flac": ("not_music", "silence"),
        "lie.mp3": ("not_audio", "not_sound"),
        "empty.ogg": ("not_audio", "empty"),
        "none.mp3": ("not_audio", "missing"),
    }
    for name, (code, reason) in expected.items():
        found = error(await run("soundslike", "ask", name, "--json"))
        assert (found["code"], found["reason"]) == (code, reason)
        assert name in found["message"]
    found = error(await run("soundslike", "ask", "./album", "--json"))
    assert found["code"] == "not_audio"
    assert "soundslike listen album" in found["message"]
