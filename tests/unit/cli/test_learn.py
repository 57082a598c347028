"""Command `learn`: says what it will do, trains when it is due or at once, and ends in words."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli import check_learning
from bot.cli.main import main
from bot.domain.leases import RETRAINING
from bot.domain.trainings import TrainingResult, TrainingState
from bot.runtime import log_setup, process, retraining
from bot.runtime.settings import Settings
from bot.runtime.training_process import TrainingProcess
from bot.storage.engine import open_database
from bot.storage.leases import SqlLeases
from bot.storage.stores import utc_now
from bot.storage.training_runs import SqlTrainingStore
from bot.texts import retraining as words
from bot.texts import shadow
from tests.support.bot_process import offline_settings

Train = Callable[[TrainingResult], None]
PROMOTED = TrainingResult(TrainingState.ACTIVE, "3f2a9c", ("better",))
REJECTED = TrainingResult(TrainingState.REJECTED, "3f2a9c", ("jazz is worse",))
FAILED = TrainingResult(TrainingState.FAILED, None, ("the disk is full",))


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "local_host", "local_port"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr(log_setup, "configure", lambda _: None)
    monkeypatch.setattr(process, "cancel_on_signals", lambda: None)


@pytest.fixture
def trains(monkeypatch: pytest.MonkeyPatch) -> Train:
    """Let a training have a result, without a process."""

    def set_result(result: TrainingResult) -> None:
        async def train(_: TrainingProcess) -> TrainingResult:
            return result

        monkeypatch.setattr(TrainingProcess, "train", train)

    return set_result


def test_without_a_schedule_it_says_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn"]) == 1
    assert capsys.readouterr() == ("", f"{words.NOTHING_SCHEDULED}.\n")


@pytest.mark.parametrize("arguments", [["learn"], ["learn", "--now"]])
def test_without_the_packages_it_says_how_to_install_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.setattr(retraining, "missing_packages", lambda: ["jax", "optax"])
    monkeypatch.setenv("RETRAIN_AFTER", "5")
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "(jax and optax): install soundslike[train]" in err


def test_wrong_setting_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RETRAIN_AT", "soon")
    assert main(["learn"]) == 1
    assert capsys.readouterr().err.startswith("Soundslike cannot start: RETRAIN_AT: ")


@pytest.mark.parametrize(("result", "code"), [(PROMOTED, 0), (REJECTED, 3), (FAILED, 1)])
def test_training_at_once_has_the_exit_code_of_its_result(
    capsys: pytest.CaptureFixture[str], trains: Train, result: TrainingResult, code: int
) -> None:
    trains(result)
    assert main(["learn", "--now"]) == code
    out, err = capsys.readouterr()
    assert (out.count("\n"), err) == (1, "")
    for reason in result.reasons:
        assert reason in out or result is PROMOTED


def test_training_at_once_is_refused_while_another_process_trains(
    capsys: pytest.CaptureFixture[str], trains: Train, tmp_path: Path
) -> None:
    trains(PROMOTED)

    async def take() -> None:
        async with open_database(tmp_path / "soundslike.db") as database:
            leases = SqlLeases(database, utc_now)
            await leases.take(RETRAINING, "there", timedelta(minutes=2))

    asyncio.run(take())
    assert main(["learn", "--now"]) == 1
    assert capsys.readouterr() == ("", f"{words.TRAINS_ALREADY}.\n")


def test_schedule_runs_until_a_signal(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    trains: Train,
) -> None:
    trains(PROMOTED)
    monkeypatch.setenv("RETRAIN_AFTER", "5")
    finish = SqlTrainingStore.finish

    async def agreed(*_: object) -> int:
        return 5

    async def voted(*_: object) -> bool:
        return True

    async def finish_and_stop(*given: Any, **named: Any) -> None:
        await finish(*given, **named)
        for task in asyncio.all_tasks():
            if getattr(task.get_coro(), "__qualname__", "") == "_learn":
                task.cancel()

    monkeypatch.setattr(SqlTrainingStore, "agreed_since_last", agreed)
    monkeypatch.setattr(SqlTrainingStore, "voted_since_last", voted)
    monkeypatch.setattr(SqlTrainingStore, "finish", finish_and_stop)
    assert main(["learn"]) == 0
    out, err = capsys.readouterr()
    assert (
        out == "Learning: the model is retrained after 5 new corrections on which people agree.\n"
    )
    assert err == ""


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, [(words.NOT_SCHEDULED, None)]),
        (
            {"retrain_after": 5},
            [
                ("the model is retrained after 5 new corrections on which people agree", True),
                (words.PACKAGES_THERE, True),
            ],
        ),
        (
            {"owner_channel": "discord:123456789012345678", "discord_token": "a.b.c"},
            [
                (words.NOT_SCHEDULED, None),
                ("results of retraining go to discord:123456789012345678", True),
            ],
        ),
        (
            {"shadow_hours": 24, "model_check_seconds": 0},
            [(words.NOT_SCHEDULED, None), (shadow.NOT_WATCHED, None)],
        ),
        (
            {"owner_channel": "slack:T01/C01"},
            [
                (words.NOT_SCHEDULED, None),
                ("results cannot go to slack:T01/C01: Slack is not set up", None),
            ],
        ),
    ],
)
def test_check_reports_the_schedule_and_the_channel(
    tmp_path: Path, given: dict[str, Any], found: list[tuple[str, bool | None]]
) -> None:
    assert list(check_learning.findings(offline_settings(tmp_path, **given))) == found


def test_check_reports_missing_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(retraining, "missing_packages", lambda: ["jax"])
    _, found = check_learning.findings(offline_settings(tmp_path, retrain_at="0 4 * * *"))
    assert found == (words.not_trained_here(["jax"]), None)
