"""The command `retrain`: what it prints, and how it fails."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from model.errors import StoreUnavailable
from model.gate_report import Check, GateReport
from model.store_files import StoreFiles
from tests.unit.training.retrain.conftest import Place
from tests.unit.training.retrain.votes_table import Voted
from training.__main__ import main
from training.commands import retrain as command
from training.errors import CannotRetrain, DeploymentError
from training.retrain import limits, retrain
from training.retrain.request import Request
from training.sentences import EX_UNAVAILABLE, NEEDS_EXTRA


@pytest.fixture
def rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the gate reject every candidate."""
    checks = (Check("sane", passed=False, sentence="A song is absurd."),)
    found = GateReport("base", 40, 10, {}, checks)
    monkeypatch.setattr(retrain, "judge", lambda *_, **__: found)


def run(*options: str) -> int:
    return main(["retrain", *options])


@pytest.mark.usefixtures("rejected")
def test_rejection_is_one_line_of_json_and_exit_code_3(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--json") == 3
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert printed.endswith("\n")
    content = json.loads(printed)
    assert set(content) == {"version", "state", "reasons", "changed"}
    assert (content["state"], content["reasons"]) == ("rejected", ["A song is absurd."])
    assert content["changed"] is True
    assert place.current in ("", "base")


def test_too_few_corrections_are_nothing_to_do(
    place: Place, voted: Sequence[Voted], capsys: pytest.CaptureFixture[str]
) -> None:
    place.vote(voted[:3])
    assert run() == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "base: active"
    assert "20 and 5 are needed" in printed[1]
    assert run("--json") == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["version"], content["state"], content["changed"]) == ("base", "active", False)


def failed(capsys: pytest.CaptureFixture[str], *options: str, code: int = 1) -> str:
    """Run the command, check that it fails with one sentence alone, and return it."""
    assert run("--json", *options) == code
    printed = capsys.readouterr()
    assert printed.out.count("\n") == printed.err.count("\n") == 1
    sentence = printed.err.rstrip("\n")
    content = json.loads(printed.out)
    assert (content["version"], content["state"], content["changed"]) == (None, "failed", False)
    assert content["reasons"] == [sentence]
    assert "Traceback" not in printed.err
    return printed.err


def test_database_that_is_not_there_is_a_sentence(
    place: Place, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sentence = failed(capsys, "--feedback", str(tmp_path / "none.db"))
    assert "cannot be read" in sentence
    assert place.current in ("", "base")


def test_default_database_that_is_not_there_yet_has_no_corrections(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert run("--json") == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["version"], content["state"]) == ("base", "active")
    assert not (place.folder / "soundslike.db").exists()


def test_database_of_an_earlier_version_is_updated_by_the_bot(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.database.unlink()
    with closing(sqlite3.connect(place.database)) as database:
        database.execute("CREATE TABLE votes (id INTEGER)")
    assert "start the bot once, which updates its database" in failed(capsys)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--without-voter", "anne"), "no vote by 'anne'"),
        (("--without-workspace", "discord:99"), "no vote from 'discord:99'"),
        (("--without-since", "2100-01-01"), "no vote in the time"),
    ],
)
@pytest.mark.usefixtures("place")
def test_votes_to_leave_out_that_are_not_there_are_a_sentence(
    capsys: pytest.CaptureFixture[str], option: tuple[str, str], words: str
) -> None:
    assert words in failed(capsys, *option)


@pytest.mark.usefixtures("place", "rejected")
def test_votes_left_out_once_are_said_to_return(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 3
    assert command.LEFT_OUT_ONCE not in capsys.readouterr().err
    run("--json", "--without-voter", "eve")
    assert command.LEFT_OUT_ONCE in capsys.readouterr().err


def test_help_says_that_votes_are_left_out_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    assert "of this training alone" in " ".join(capsys.readouterr().out.split())


def test_store_that_is_read_only_is_a_sentence_before_the_training(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(_: object, __: bytes, *parts: str) -> None:
        raise StoreUnavailable(f"models cannot be used: {parts[-1]} is not written")

    monkeypatch.setattr(StoreFiles, "write", read_only)
    monkeypatch.setattr(retrain, "from_bundle", lambda *_: pytest.fail("it was trained"))
    assert "is not written" in failed(capsys)
    assert place.current in ("", "base")


def test_missing_package_is_the_sentence_of_the_json_line(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'jax'", name="jax")

    monkeypatch.setattr(retrain, "retrain", lacking)
    assert run("--json") == EX_UNAVAILABLE
    (reason,) = json.loads(capsys.readouterr().out)["reasons"]
    assert reason == NEEDS_EXTRA.format(module="jax")
    assert place.current in ("", "base")


def test_store_that_cannot_be_reached_is_a_sentence(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "cannot be used" in failed(capsys, "--store", "nonsense://bucket/models")
    assert place.current in ("", "base")


def test_bundle_that_is_damaged_is_a_sentence(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_DIR", str(place.folder / "nowhere"))
    assert "tiny" in failed(capsys)


def test_unknown_model_is_a_sentence(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert "other" in failed(capsys, "--model", "other")
    assert place.current in ("", "base")


def test_second_retraining_at_once_is_a_sentence(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    with limits.alone(place.folder):
        assert "another retraining is running" in failed(capsys, code=75)


TERMINATED = """
import os, signal, sys
from tempfile import TemporaryDirectory
from training.retrain import limits
with limits.ended_in_order(), TemporaryDirectory(dir=sys.argv[1]):
    os.kill(os.getpid(), signal.SIGTERM)
"""


def test_terminated_process_removes_its_folders_and_ends_by_the_signal(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", TERMINATED, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_sigterm_ends_the_command_in_order(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[BaseException] = []

    def terminated(*_: object) -> None:
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except SystemExit as error:
            left.append(error)
            raise CannotRetrain("enough") from None

    monkeypatch.setattr(retrain, "retrain", terminated)
    before = signal.getsignal(signal.SIGTERM)
    assert run() == 1
    assert left
    assert signal.getsignal(signal.SIGTERM) is before
    with limits.alone(place.folder):  # the lock is released
        pass


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "more memory than the limit"),
        (RuntimeError("RESOURCE_EXHAUSTED: Out of memory"), "more memory than the limit"),
        (OSError(28, "No space left on device", "models"), "models: No space left on device"),
    ],
)
def test_lack_of_memory_and_disk_are_sentences(
    place: Place,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    words: str,
) -> None:
    def lacking(*_: object) -> None:
        raise error

    monkeypatch.setattr(retrain, "retrain", lacking)
    assert words in failed(capsys)
    assert place.current in ("", "base")


@pytest.mark.parametrize(
    "option",
    [
        ("--without-since", "yesterday"),
        ("--without-until", "2026-13-01"),
        ("--since", "2026-01-01"),
        ("--without-workspace", "discord"),
        ("--seed", "-1"),
        ("--max-memory-mb", "5"),
    ],
)
def test_wrong_options_are_refused(option: tuple[str, str]) -> None:
    assert run(*option) == 2


def test_options_say_which_votes_to_unlearn(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Request] = []

    def remembered(_: object, request: Request, __: object) -> None:
        asked.append(request)
        raise CannotRetrain("enough")

    monkeypatch.setattr(retrain, "retrain", remembered)
    votes = ("--without-voter", "a", "--without-voter", "b", "--without-since", "2026-01-01")
    failed(capsys, *votes, "--without-workspace", "discord:1")
    (request,) = asked
    assert request.unlearns
    assert not request.hold_after_rollback
    assert request.exclusion.voters == {"a", "b"}
    assert request.exclusion.workspaces == {"discord:1"}
    assert request.exclusion.since is not None
    assert request.exclusion.since.tzinfo is not None
    assert place.current in ("", "base")


def test_hours_in_the_shadow_are_read_from_the_settings(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place.deployment.shadow_hours == 0
    monkeypatch.setenv("SHADOW_HOURS", "1.5")
    assert place.deployment.shadow_hours == 1.5


@pytest.mark.parametrize("hours", ["-1", "soon", "nan", "1e9"])
def test_hours_that_are_no_hours_are_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch, hours: str
) -> None:
    monkeypatch.setenv("SHADOW_HOURS", hours)
    with pytest.raises(DeploymentError, match="SHADOW_HOURS"):
        _ = place.deployment


@pytest.mark.parametrize(("value", "learns"), [("on", True), ("No", False)])
def test_learning_from_a_public_page_is_a_switch(
    place: Place, monkeypatch: pytest.MonkeyPatch, value: str, *, learns: bool
) -> None:
    monkeypatch.setenv("LEARN_FROM_PUBLIC", value)
    assert place.deployment.learns_from_public is learns


def test_switch_that_is_neither_on_nor_off_is_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARN_FROM_PUBLIC", "maybe")
    with pytest.raises(DeploymentError, match="LEARN_FROM_PUBLIC"):
        _ = place.deployment


def test_priority_and_memory_are_bounded(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bounds: list[object] = []
    monkeypatch.setattr(os, "nice", bounds.append)
    monkeypatch.setattr(resource, "setrlimit", lambda *given: bounds.append(given))
    monkeypatch.setattr(command, "_outcome", _enough)
    failed(capsys, "--low-priority", "--max-memory-mb", "1024")
    assert bounds[0] == limits.NICENESS
    assert bounds[1] == (
        resource.RLIMIT_DATA,
        (1 << 30, resource.getrlimit(resource.RLIMIT_DATA)[1]),
    )
    assert place.current in ("", "base")


def _enough(*_: object) -> None:
    raise CannotRetrain("enough")
