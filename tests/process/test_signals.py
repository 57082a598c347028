"""Signals to `python -m bot run`: stop, and reload the models."""

import os
import pty
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from model.bundle import MODEL, SUBGENRES
from model.store import SHIPPED, BundleStore
from tests.support.bot_process import first_line, next_log_line, running_bot, wait_for_exit


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """Return a folder with a copy of the shipped models."""
    shutil.copytree(SHIPPED, tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
def terminal() -> Iterator[int]:
    """Return the file descriptor of a terminal."""
    controller, descriptor = pty.openpty()
    yield descriptor
    os.close(descriptor)
    os.close(controller)


async def test_bot_exits_with_0_when_it_is_stopped(
    environment: dict[str, str], tmp_path: Path
) -> None:
    async with running_bot(folder=tmp_path, environment=environment) as process:
        assert f"http://127.0.0.1:{environment['WEB_PORT']}" in await first_line(process)
        process.send_signal(signal.SIGINT)  # the tests below stop it with SIGTERM
        assert await wait_for_exit(process) == (0, "", "")


async def test_hangup_reloads_the_promoted_models(
    environment: dict[str, str], tmp_path: Path, models_dir: Path
) -> None:
    variables = environment | {"MODELS_DIR": str(models_dir)}
    async with running_bot(folder=tmp_path, environment=variables) as process:
        await first_line(process)
        store = BundleStore(models_dir)
        bundle = store.load("wide")
        files = {MODEL: bundle.onnx, SUBGENRES: bundle.subgenres or b""}
        store.save(replace(bundle.metadata, version="next"), files)
        store.promote("wide", "next")
        process.send_signal(signal.SIGHUP)
        line = await next_log_line(process)
        process.terminate()
        code, _, err = await wait_for_exit(process)
    assert line.endswith("models reloaded; default: wide next\n")
    assert (code, err) == (0, "")


async def test_bot_keeps_its_models_if_they_cannot_be_reloaded(
    environment: dict[str, str], tmp_path: Path, models_dir: Path
) -> None:
    variables = environment | {"MODELS_DIR": str(models_dir)}
    async with running_bot(folder=tmp_path, environment=variables) as process:
        await first_line(process)
        shutil.rmtree(models_dir)
        process.send_signal(signal.SIGHUP)
        line = await next_log_line(process)
        process.terminate()
        code, _, err = await wait_for_exit(process)
    assert "WARNING" in line
    assert "model wide was not updated: there is no model 'wide'" in line
    assert (code, err) == (0, "")


async def test_closing_the_terminal_stops_the_bot(
    environment: dict[str, str], tmp_path: Path, terminal: int
) -> None:
    async with running_bot(folder=tmp_path, environment=environment, stdin=terminal) as process:
        await first_line(process)
        process.send_signal(signal.SIGHUP)
        assert await wait_for_exit(process) == (0, "", "")
