"""The sign of life: there while the bot works, gone when it does not."""

import asyncio
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import health as command
from bot.domain.errors import ConfigurationError
from bot.runtime.health import MAX_AGE, heartbeat, is_fresh

SOON = 0.001


async def unheard(_: str) -> None:
    pass


async def until(met: Callable[[], bool]) -> None:
    for _ in range(5000):
        if met():
            return
        await asyncio.sleep(SOON)
    pytest.fail("it never came")


def there(file: Path) -> bool:
    return file.exists()


def leave(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)


def age(file: Path, seconds: float) -> None:
    stamp = time.time() - seconds
    os.utime(file, (stamp, stamp))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run" / "alive"


async def test_it_is_given_when_all_platforms_are_up_and_no_sooner(file: Path) -> None:
    lines: list[str] = []

    async def hear(line: str) -> None:
        lines.append(line)

    async with heartbeat(file, 2, hear, SOON) as told:
        await told("one")
        for _ in range(5):
            await asyncio.sleep(0)
        assert not there(file)
        await told("two")
        await until(file.exists)
    assert lines == ["one", "two"]


async def test_it_is_renewed_and_gone_at_the_end(file: Path) -> None:
    async with heartbeat(file, 1, unheard, SOON) as told:
        await told("up")
        await until(file.exists)
        age(file, 3600)
        await until(lambda: is_fresh(file, time.time()))
    assert not there(file)


async def test_it_is_gone_when_the_bot_fails_and_the_failure_is_not_hidden(file: Path) -> None:
    async def bot() -> None:
        async with heartbeat(file, 1, unheard, SOON) as told:
            await told("up")
            await until(file.exists)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await bot()
    assert not there(file)


async def test_a_cancelled_bot_stays_cancelled(file: Path) -> None:
    async def bot() -> None:
        async with heartbeat(file, 1, unheard, SOON) as told:
            await told("up")
            await asyncio.Event().wait()

    task = asyncio.create_task(bot())
    await until(file.exists)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not there(file)


async def test_what_a_killed_process_left_says_nothing(file: Path) -> None:
    leave(file, "")
    async with heartbeat(file, 1, unheard, SOON):
        assert not there(file)


async def test_somebody_elses_file_is_refused_and_not_removed(file: Path) -> None:
    leave(file, "dear diary")
    with pytest.raises(ConfigurationError, match="HEALTH_FILE"):
        await heartbeat(file, 1, unheard).__aenter__()
    assert there(file)


async def test_a_file_that_cannot_be_written_is_found_out_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="HEALTH_FILE"):
        await heartbeat(tmp_path / "file" / "alive", 1, unheard).__aenter__()


async def test_a_disk_that_goes_away_does_not_stop_the_bot(file: Path) -> None:
    async with heartbeat(file, 1, unheard, SOON) as told:
        await told("up")
        await until(file.exists)
        shutil.rmtree(file.parent)
        for _ in range(5):
            await asyncio.sleep(SOON)
        file.parent.mkdir()
        await until(file.exists)


async def test_without_a_file_nothing_is_done() -> None:
    async with heartbeat(None, 1, unheard) as told:
        assert told is unheard


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(0, True), (MAX_AGE - 1, True), (MAX_AGE + 1, False), (-3600, False)]
)
def test_it_holds_for_half_a_minute(tmp_path: Path, seconds: float, *, fresh: bool) -> None:
    (tmp_path / "alive").touch()
    age(tmp_path / "alive", seconds)
    assert is_fresh(tmp_path / "alive", time.time()) is fresh
    assert not is_fresh(tmp_path / "none", time.time())


def _set(monkeypatch: pytest.MonkeyPatch, folder: Path, file: Path | None) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HEALTH_FILE", str(file or ""))


def test_the_command_is_silent_about_a_bot_that_lives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "alive").touch()
    _set(monkeypatch, tmp_path, tmp_path / "alive")
    assert command.report() == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["dead", None])
def test_the_command_says_in_one_line_that_there_is_no_sign(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str | None,
) -> None:
    _set(monkeypatch, tmp_path, tmp_path / name if name else None)
    assert command.report() == 1
    said = capsys.readouterr().out
    assert (name or "HEALTH_FILE") in said
    assert said.count("\n") == 1


def test_a_wrong_setting_is_no_sign_of_life_either(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _set(monkeypatch, tmp_path, None)
    monkeypatch.setenv("LOCAL_PORT", "eighty")
    assert command.report() == 1
    assert "LOCAL_PORT" in capsys.readouterr().out
