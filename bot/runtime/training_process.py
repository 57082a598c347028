"""Runs `train retrain` in a process of its own: bounded in time and output, and never trusted."""

import asyncio
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from bot.domain.sanitize import one_line
from bot.domain.trainings import TrainingResult, TrainingState
from bot.texts import retraining as words
from model.lifecycle import EXIT_BUSY, EXIT_REJECTED
from model.version_folders import SAFE_NAME

MAX_OUTPUT: Final = 1 << 16
"""Bytes of standard output, which has one line of JSON."""

MAX_LINE: Final = 500
MAX_LINES: Final = 2000
"""Characters of a line of progress, and lines, that are logged."""

FRAME: Final = "╭╮╰╯│─ "
"""Characters of the frame that Typer draws around errors."""

MAX_REASONS: Final = 50
MAX_REASON: Final = 500
"""Reasons of a result, and characters of each, that are kept."""

TERM_SECONDS: Final = 2.0
"""Time to end after SIGTERM, before SIGKILL."""

KILL: Final = getattr(signal, "SIGKILL", signal.SIGTERM)
"""Signal that ends a process at once; Windows has one for both."""

STATES: Final = {
    0: frozenset({TrainingState.ACTIVE, TrainingState.CANDIDATE}),
    EXIT_REJECTED: frozenset({TrainingState.REJECTED}),
}
"""States that `train retrain --json` prints, by its exit code."""

LAUNCH: Final = (
    "import runpy, sys; from model.sound.sandbox import end_with_parent; "
    "end_with_parent(int(sys.argv.pop(1))); "
    "runpy.run_module('training', run_name='__main__', alter_sys=True)"
)
"""Like `python -m training`, but ends with its parent, as its lease does."""

Redact = Callable[[str], str]
"""Removes secrets from a text."""

_log = logging.getLogger(__name__)


def command(model: str, memory_mb: int) -> list[str]:
    """Return the command line that retrains a model.

    Args:
        model: Name of the model.
        memory_mb: Limit of its memory, in MB.
    """
    return [
        *(sys.executable, "-c", LAUNCH, str(os.getpid())),
        *("retrain", "--model", model, "--json", "--low-priority", "--hold-after-rollback"),
        *("--max-memory-mb", str(memory_mb)),
    ]


class TrainingProcess:
    """Implements the port `Trainer`.

    Args:
        command: The command line; the process has the environment of this one.
        minutes: Time after which it is ended, with the processes that it started.
        redact: Removes secrets from what the process says.
    """

    def __init__(self, command: Sequence[str], minutes: float, redact: Redact) -> None:
        self._command = command
        self._minutes = minutes
        self._redact = redact

    async def train(self) -> TrainingResult:
        """Run the process; its progress is logged. When cancelled, it is ended first."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                start_new_session=True,  # so that all its processes can be ended together
            )
        except OSError as error:
            return TrainingResult.failure(words.not_started(error))
        progress = _Progress()
        try:
            async with asyncio.timeout(self._minutes * 60):
                output, _ = await asyncio.gather(_output(process), progress.read(process))
                code = await process.wait()
        except TimeoutError:
            return TrainingResult.failure(words.too_long(self._minutes))
        finally:
            await _end(process)
        if output is None:
            return TrainingResult.failure(words.TOO_MUCH_OUTPUT)
        found = outcome(output, code, progress.last)
        return replace(found, reasons=tuple(map(self._redact, found.reasons)))


def outcome(output: bytes, code: int, last_line: str) -> TrainingResult:
    """Return the result of a process that has ended.

    Args:
        output: Its standard output.
        code: Its exit code; negative for a signal.
        last_line: The last line of its standard error, which says why it failed.
    """
    if code < 0:
        return TrainingResult.failure(words.killed(-code))
    if code == EXIT_BUSY:
        return TrainingResult(TrainingState.BUSY)
    if code not in STATES:
        return TrainingResult.failure(last_line or words.ended_with(code))
    try:
        said = json.loads(output)
        version, state, reasons = said["version"], TrainingState(said["state"]), said["reasons"]
        changed = said["changed"]
    except (ValueError, KeyError, TypeError, RecursionError):  # UnicodeError is a ValueError
        return TrainingResult.failure(words.NO_OUTCOME)
    texts = isinstance(reasons, list) and all(isinstance(reason, str) for reason in reasons)
    named = isinstance(version, str) and SAFE_NAME.fullmatch(version)
    possible = changed is True or (changed is False and state is TrainingState.ACTIVE)
    if not (texts and named and possible) or state not in STATES[code]:
        return TrainingResult.failure(words.NO_OUTCOME)
    if not changed:
        state = TrainingState.UNCHANGED
    kept = (one_line(reason, MAX_REASON) for reason in reasons[:MAX_REASONS])
    return TrainingResult(state, version, tuple(kept))


class _Progress:
    """Logs the lines of standard error; `last` is the last one."""

    def __init__(self) -> None:
        self.last = ""
        self._lines = 0

    async def read(self, process: Process) -> None:
        """Log the lines until the end of the stream."""
        if process.stderr is None:
            raise RuntimeError("a pipe was asked for")
        rest = b""
        while chunk := await process.stderr.read(4096):
            # Bars of progress end in a carriage return.
            *lines, rest = (rest + chunk).replace(b"\r", b"\n").split(b"\n")
            rest = rest[-4 * MAX_LINE :]
            for line in lines:
                self._log(line)
        self._log(rest)

    def _log(self, line: bytes) -> None:
        text = one_line(line.decode(errors="replace"), MAX_LINE)
        if text:
            if words_only := text.strip(FRAME):
                self.last = words_only
            self._lines += 1
            if self._lines <= MAX_LINES:
                _log.info("training: %s", text)


async def _output(process: Process) -> bytes | None:
    """Return the standard output; end the process and return None if it is too long."""
    if process.stdout is None:
        raise RuntimeError("a pipe was asked for")
    output = b""
    while chunk := await process.stdout.read(4096):
        output += chunk
        if len(output) > MAX_OUTPUT:
            _signal(process, KILL)
            return None
    return output


async def _end(process: Process) -> None:
    """End a process and those that it started; return when it has ended."""
    if process.returncode is None:
        _signal(process, signal.SIGTERM)
        await _ended(process)
    _signal(process, KILL)
    await _ended(process)


async def _ended(process: Process) -> None:
    """Wait until a process has ended and its pipes are closed, for at most TERM_SECONDS."""
    # A process that left the group may keep the pipes open.
    with suppress(TimeoutError):
        async with asyncio.timeout(TERM_SECONDS):
            for stream in filter(None, (process.stdout, process.stderr)):
                while await stream.read(MAX_OUTPUT):  # a pipe that is not read is not closed
                    pass
            await process.wait()


def _signal(process: Process, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:  # Windows
            process.send_signal(number)
