"""Heartbeat file and the command `health`."""

import asyncio
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import health as command
from bot.domain.errors import ConfigurationError
from bot.runtime import settings
from bot.runtime.health import MAX_AGE, heartbeat, is_fresh

INTERVAL = 0.001


async def ignore(_: str) -> None:
    pass


async def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(5000):
        if condition():
            return
        await asyncio.sleep(INTERVAL)
    pytest.fail("condition not met")


def exists(file: Path) -> bool:
    return file.exists()


def create(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)


def set_age(file: Path, seconds: float) -> None:
    stamp = time.time() - seconds
    os.utime(file, (stamp, stamp))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run" / "alive"


async def test_file_is_created_once_all_platforms_are_ready(file: Path) -> None:
    lines: list[str] = []

    async def record(line: str) -> None:
        lines.append(line)

    async with heartbeat(file, 2, record, INTERVAL) as notify_ready:
        await notify_ready("one")
        for _ in range(5):
            await asyncio.sleep(0)
        assert not exists(file)
        await notify_ready("two")
        await wait_until(file.exists)
    assert lines == ["one", "two"]


async def test_file_is_updated_and_removed_on_exit(file: Path) -> None:
    async with heartbeat(file, 1, ignore, INTERVAL) as notify_ready:
        await notify_ready("up")
        await wait_until(file.exists)
        set_age(file, 3600)
        await wait_until(lambda: is_fresh(file, time.time()))
    assert not exists(file)


async def test_file_is_removed_on_an_error_which_is_passed_on(file: Path) -> None:
    async def bot() -> None:
        async with heartbeat(file, 1, ignore, INTERVAL) as notify_ready:
            await notify_ready("up")
            await wait_until(file.exists)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await bot()
    assert not exists(file)


async def test_cancellation_is_passed_on(file: Path) -> None:
    async def bot() -> None:
        async with heartbeat(file, 1, ignore, INTERVAL) as notify_ready:
            await notify_ready("up")
            await asyncio.Event().wait()

    task = asyncio.create_task(bot())
    await wait_until(file.exists)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not exists(file)


async def test_stale_file_of_a_killed_process_is_removed_at_the_start(file: Path) -> None:
    create(file, "")
    set_age(file, MAX_AGE + 1)
    async with heartbeat(file, 1, ignore, INTERVAL):
        assert not exists(file)


async def test_file_of_another_bot_is_left_by_one_that_cannot_start(file: Path) -> None:
    create(file, "")
    with pytest.raises(RuntimeError):
        async with heartbeat(file, 1, ignore, INTERVAL):
            raise RuntimeError
    assert exists(file)


async def test_file_with_content_is_rejected_and_not_removed(file: Path) -> None:
    create(file, "dear diary")
    set_age(file, 3600)
    with pytest.raises(ConfigurationError, match="heartbeat file"):
        await heartbeat(file, 1, ignore).__aenter__()
    assert exists(file)
    assert not is_fresh(file, time.time())


async def test_unwritable_file_is_an_error_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="heartbeat file"):
        await heartbeat(tmp_path / "file" / "alive", 1, ignore).__aenter__()


async def test_failed_update_does_not_stop_the_bot(file: Path) -> None:
    async with heartbeat(file, 1, ignore, INTERVAL) as notify_ready:
        await notify_ready("up")
        await wait_until(file.exists)
        shutil.rmtree(file.parent)
        for _ in range(5):
            await asyncio.sleep(INTERVAL)
        file.parent.mkdir()
        await wait_until(file.exists)


async def test_file_that_is_not_required_may_be_unwritable(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "alive"
    async with heartbeat(path, 1, ignore, required=False) as notify_ready:
        assert notify_ready is ignore
    assert str(path) in caplog.text


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(0, True), (MAX_AGE - 1, True), (MAX_AGE + 1, False), (-3600, False)]
)
def test_file_is_fresh_for_half_a_minute(tmp_path: Path, seconds: float, *, fresh: bool) -> None:
    (tmp_path / "alive").touch()
    set_age(tmp_path / "alive", seconds)
    assert is_fresh(tmp_path / "alive", time.time()) is fresh
    assert not is_fresh(tmp_path / "none", time.time())


@pytest.mark.parametrize("variable", ["HEALTH_FILE", "DATA_DIR", None])
def test_command_finds_the_file_of_a_running_bot(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    variable: str | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HEALTH_FILE", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "here"))
    path = settings.load().heartbeat_file
    path.parent.mkdir(exist_ok=True)
    assert command.report() == 1
    assert capsys.readouterr().out.startswith("not running")
    path.touch()
    assert command.report() == 0
    assert capsys.readouterr().out.startswith("running")
    set_age(path, MAX_AGE + 1)
    assert command.report() == 1
    output = capsys.readouterr().out
    assert str(path) in output
    assert output.count("\n") == 1


def test_command_fails_on_an_invalid_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEB_PORT", "eighty")
    assert command.report() == 1
    assert "WEB_PORT" in capsys.readouterr().out
