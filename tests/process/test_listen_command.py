"""`python -m model listen` on folders of synthesised sound: all of it, in parts, and stopped."""

import asyncio
import csv
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.genres import WIDE
from model.sound.front_end import RATE
from tests.process.conftest import TIMEOUT, Run
from training.sound import signals

MANY = 20
"""Files of a folder that is stopped in the middle."""

POLL_SECONDS = 0.01


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of ten seconds with drums of 120 beats and chords."""
    rng = np.random.default_rng(0)
    sound = signals.drums(signals.RHYTHMS[1], 120.0, rng) + signals.chords(9, "minor", rng)
    path = tmp_path_factory.mktemp("song") / "song.wav"
    soundfile.write(path, 0.3 * sound[: 10 * RATE], RATE)
    return path


@pytest.fixture
def folder(tmp_path: Path, song: Path) -> Path:
    """Return a folder with a song, twice, silence, and a text named like a song."""
    (tmp_path / "Music" / "Album").mkdir(parents=True)
    shutil.copy(song, tmp_path / "Music" / "=a, b.wav")
    shutil.copy(song, tmp_path / "Music" / "Album" / "song.wav")
    soundfile.write(tmp_path / "Music" / "silence.flac", np.zeros(5 * RATE), RATE)
    (tmp_path / "Music" / "text.mp3").write_text("no sound")
    (tmp_path / "Music" / "cover.jpg").touch()
    return tmp_path / "Music"


def add_many(folder: Path) -> set[str]:
    names = {f"many/{number}.wav" for number in range(MANY)}
    (folder / "many").mkdir()
    for name in names:
        soundfile.write(folder / name, np.zeros(4 * RATE), RATE)
    return names


def rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder.parent / "table.csv").open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert len({row["file"] for row in found}) == len(found)
    return {row["file"]: row for row in found}


@asynccontextmanager
async def listening(
    folder: Path, environment: dict[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the command until it has written a row."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "model", "listen", "Music", "--out", "table.csv"),
        cwd=folder.parent,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    table = folder.parent / "table.csv"
    async with asyncio.timeout(TIMEOUT):
        while not table.exists() or table.read_bytes().count(b"\n") < 2:
            assert process.returncode is None
            await asyncio.sleep(POLL_SECONDS)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("program", ["model", "soundslike"])
async def test_folder_is_written_as_a_table(run: Run, folder: Path, program: str) -> None:
    done = await run(program, "listen", "Music", "--out", "table.csv", "--workers", "1")
    assert done.code == 0, done.err
    found = rows(folder)
    assert set(found) == {"=a, b.wav", "Album/song.wav", "silence.flac", "text.mp3"}
    song = found["Album/song.wav"]
    shares = {genre: float(song[genre]) for genre in WIDE if song[genre]}
    assert song["genre"] == max(shares, key=lambda genre: shares[genre])
    assert sum(shares.values()) == pytest.approx(1, abs=0.002)
    assert song["heard"]
    assert (song["seconds"], song["duration"]) == ("10.0", "10.0")
    assert (song["tempo"], song["error"]) == ("120.0", "")
    assert -40 < float(song["loudness"]) < -5
    assert {**song, "file": ""} == {**found["=a, b.wav"], "file": ""}
    assert (found["text.mp3"]["genre"], found["text.mp3"]["error"]) == ("", "not_audio")
    assert "1 not readable" in done.out


async def test_what_is_silent_is_no_music(run: Run, folder: Path) -> None:
    await run("model", "listen", "Music", "--out", "table.csv")
    silence = rows(folder)["silence.flac"]
    assert (silence["genre"], silence["error"], silence["reason"]) == ("", "not_music", "silence")


async def test_files_that_have_a_row_are_skipped(run: Run, folder: Path, song: Path) -> None:
    await run("model", "listen", "Music", "--out", "table.csv")
    before = (folder.parent / "table.csv").read_bytes()
    shutil.copy(song, folder / "new.wav")
    done = await run("model", "listen", "Music", "--out", "table.csv")
    assert done.code == 0, done.err
    assert "1 files listened to" in done.out
    assert "4 were in the table already" in done.out
    assert (folder.parent / "table.csv").read_bytes().startswith(before)
    assert "new.wav" in rows(folder)


async def test_again_listens_to_all_files(run: Run, folder: Path) -> None:
    await run("model", "listen", "Music", "--out", "table.csv")
    done = await run("model", "listen", "Music", "--out", "table.csv", "--again")
    assert "4 files listened to" in done.out
    assert len(rows(folder)) == 4


async def test_ctrl_c_leaves_a_table_that_the_next_run_completes(
    run: Run, folder: Path, environment: dict[str, str]
) -> None:
    names = add_many(folder)
    async with listening(folder, environment) as process:
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(TIMEOUT):
            _, err = await process.communicate()
    assert process.returncode == 130
    assert "stopped; " in err.decode()
    assert err.decode().count("\n") == 1
    written = rows(folder)
    assert 1 <= len(written) < MANY + 4
    done = await run("model", "listen", "Music", "--out", "table.csv")
    assert f"{len(written)} were in the table already" in done.out
    assert set(rows(folder)) >= names


async def test_killed_command_leaves_no_process_and_a_table_that_is_completed(
    run: Run, folder: Path, environment: dict[str, str]
) -> None:
    names = add_many(folder)
    async with listening(folder, environment) as process:
        process.kill()
        async with asyncio.timeout(TIMEOUT):
            await process.communicate()  # ends when no process has its output open any more
    with (folder.parent / "table.csv").open("ab") as table:
        table.write(b'many/torn".wav,ro')
    await run("model", "listen", "Music", "--out", "table.csv")
    assert set(rows(folder)) >= names


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("Nowhere", "--out", "table.csv"), "Nowhere does not exist"),
        (("Empty", "--out", "table.csv"), "Empty has no sound files"),
        (("Music/text.mp3", "--out", "table.csv"), "Music/text.mp3 is a file"),
        (("Music", "--out", "none/table.csv"), "none/table.csv: No such file or directory"),
        (("Music", "--out", "Music"), "Music is a folder"),
        (("Music", "--out", "other.csv"), "other.csv is another file"),
        (("Music", "--out", "table.csv.gz"), "table.csv.gz: this table is written as plain CSV"),
    ],
)
async def test_failures_are_one_sentence(
    run: Run, folder: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    (folder.parent / "Empty").mkdir()
    (folder.parent / "other.csv").write_text("title,genre\n")
    done = await run("model", "listen", *arguments)
    assert done.code == 1
    assert sentence in done.err
    assert done.err.count("\n") == 1
    assert not (folder.parent / "table.csv").exists()
