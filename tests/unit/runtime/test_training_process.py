"""The process that trains: its result is checked, its time and output are bounded."""

import asyncio
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.trainings import TrainingResult, TrainingState
from bot.runtime import training_process
from bot.runtime.training_process import TrainingProcess, command, outcome
from bot.texts import retraining as words

SAID: Final = {"version": "3f2a9c", "state": "active", "reasons": ["better"], "changed": True}
ENDLESS: Final = "yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
NO_REASONS: Final[tuple[object, ...]] = (None, "better", [1], {})
SOON: Final = 10
"""Seconds."""

JSON_VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def process(script: str, minutes: float = 1) -> TrainingProcess:
    """Return a stand-in for training that runs a script of the shell."""
    return TrainingProcess(
        ["/bin/sh", "-c", script], minutes, lambda text: text.replace("hush", "***")
    )


def said(code: int = 0, **fields: Any) -> TrainingResult:
    return outcome(json.dumps({**SAID, **fields}).encode(), code, "")


def is_failed(result: TrainingResult, reason: str) -> bool:
    return result == TrainingResult(TrainingState.FAILED, None, (reason,))


def test_result_is_that_of_train_retrain() -> None:
    assert said() == TrainingResult(TrainingState.ACTIVE, "3f2a9c", ("better",))
    assert said(state="candidate").state is TrainingState.CANDIDATE
    assert said(3, state="rejected").state is TrainingState.REJECTED
    assert said(changed=False).state is TrainingState.UNCHANGED


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        (3, {}),
        (0, {"state": "rejected"}),
        *((0, {"state": state}) for state in ("running", "failed", "unchanged", "retired", 1)),
        *((0, {"version": version}) for version in ("", "../up", "a/b", "a\n", None, "v" * 200)),
        *((0, {"changed": changed}) for changed in (None, 1, "yes")),
        (0, {"changed": False, "state": "candidate"}),
        (3, {"changed": False, "state": "rejected"}),
        *((0, {"reasons": reasons}) for reasons in NO_REASONS),
    ],
)
def test_result_that_does_not_fit_is_a_failure(code: int, changed: dict[str, Any]) -> None:
    assert is_failed(said(code, **changed), words.NO_OUTCOME)


@given(st.binary() | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 50_000)
@example(b"\xff")
def test_output_of_any_form_is_a_result_or_a_failure(output: bytes) -> None:
    assert is_failed(outcome(output, 0, ""), words.NO_OUTCOME)


@given(st.lists(st.text()))
def test_reasons_are_short_lines(reasons: list[str]) -> None:
    result = said(reasons=reasons)
    assert len(result.reasons) <= training_process.MAX_REASONS
    for reason in result.reasons:
        assert len(reason) <= training_process.MAX_REASON
        assert len(reason.splitlines()) <= 1


def test_failure_has_the_last_line_of_the_process_or_its_exit_code() -> None:
    assert is_failed(outcome(b"", 1, "the disk is full"), "the disk is full")
    assert is_failed(outcome(b"", 70, ""), words.ended_with(70))
    assert is_failed(outcome(b"", -9, "50 %"), words.killed(9))


def test_another_retraining_by_hand_is_no_failure() -> None:
    busy = TrainingResult(TrainingState.BUSY)
    assert outcome(b"", 75, "another retraining is running") == busy


async def test_progress_is_logged_and_the_result_returned(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("SAID", json.dumps({**SAID, "reasons": ["hush"]}))
    script = 'printf "1 %%\\r\\n2 %%\\rthe \\033end" >&2; printf "%s\\n" "$SAID"'
    result = await process(script).train()
    assert result == TrainingResult(TrainingState.ACTIVE, "3f2a9c", ("***",))
    assert caplog.messages == ["training: 1 %", "training: 2 %", "training: the end"]


async def test_reason_of_a_failure_has_no_secrets_and_no_frame() -> None:
    result = await process("printf '╭─╮\\n│ no hush │\\n╰─╯\\n' >&2; exit 1").train()
    assert is_failed(result, "no ***")


async def test_training_that_takes_too_long_is_ended_with_its_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_process, "TERM_SECONDS", 0.1)
    script = f"trap '' TERM; sleep 60 & echo $! > {tmp_path}/pid; wait; wait; sleep 60"
    async with asyncio.timeout(SOON):
        result = await process(script, minutes=0.3 / 60).train()
    assert is_failed(result, words.too_long(0.3 / 60))
    assert has_ended(int((tmp_path / "pid").read_text()))


async def test_training_ends_when_it_is_cancelled(tmp_path: Path) -> None:
    started = tmp_path / "pid"
    os.mkfifo(started)
    task = asyncio.create_task(process(f"echo $$ > {started}; exec sleep 60").train())
    pid = int(await asyncio.to_thread(started.read_text))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert has_ended(pid)


async def test_endless_output_ends_the_training() -> None:
    async with asyncio.timeout(SOON):
        assert is_failed(await process(ENDLESS).train(), words.TOO_MUCH_OUTPUT)


async def test_endless_progress_is_not_all_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    result = await process(f"{ENDLESS} >&2", minutes=0.2 / 60).train()
    assert is_failed(result, words.too_long(0.2 / 60))
    assert len(caplog.messages) == training_process.MAX_LINES


async def test_program_that_does_not_exist_is_a_failure(tmp_path: Path) -> None:
    missing = TrainingProcess([str(tmp_path / "none")], 1, str)
    assert is_failed(await missing.train(), "it cannot be started: No such file or directory")


async def test_command_runs_training_with_the_bounds() -> None:
    line = command("wide", 2048)
    assert line[0] == sys.executable
    assert line[4:] == [
        *("retrain", "--model", "wide", "--json", "--low-priority"),
        *("--hold-after-rollback", "--max-memory-mb", "2048"),
    ]
    started = await asyncio.create_subprocess_exec(
        *line[:4], "keygen", "--help", stdout=asyncio.subprocess.PIPE
    )
    out, _ = await started.communicate()
    assert started.returncode == 0
    assert b"signs published bundles" in out


def has_ended(pid: int) -> bool:
    """Return whether a process has ended, or waits for its parent to notice."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state in "ZX"
