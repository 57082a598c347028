"""Output and exit codes of the commands `models`."""

import asyncio
import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main, models_move
from bot.domain.errors import EX_CONFIG
from bot.domain.served_models import ServedModel, ServedModelStore
from bot.runtime import log_setup, model_versions, self_test
from bot.services.served_models import LIVE, ServedReport, wait_until_served
from bot.storage.stores import open_stores, utc_now
from model.bundle import MODEL, REPORT, Lineage
from model.classifier import Classifier
from model.gate_report import Check, GateReport
from model.remote import RemoteStore
from model.store import BundleStore
from model.versions import Versions
from tests.support.factories import metadata, onnx_model, save_bundle

NAME = "tiny"
WIDTH = 80
FAILED = GateReport(
    "0", 120, 30, {"songs": 14},
    (
        Check("songs", passed=True, sentence="All 14 built-in songs are plausible."),
        Check("calibration", passed=False, sentence="Its error is 0.09, above 0.05."),
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def versions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Versions:
    """Set the bot up with a shipped model of version 0, and return its model store."""
    shipped = save_bundle(tmp_path / "shipped", NAME, version="0")
    monkeypatch.chdir(tmp_path)
    for name in ("MODEL_STORE", "MODEL_PUBLIC_KEY", "MODEL_SIGNING_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "DATA_DIR": str(tmp_path / "var"), "MODELS_DIR": str(tmp_path / "shipped"), "MODEL": NAME,
        "MODEL_CHECK_SECONDS": "0", "NO_COLOR": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    # The log of the whole process, which other tests read.
    monkeypatch.setattr(log_setup, "configure", lambda **_: None)
    return Versions(RemoteStore(str(tmp_path / "var" / "models")), shipped)


@pytest.fixture
def add(versions: Versions, tmp_path: Path) -> Callable[..., None]:
    """Return a function that adds a candidate."""

    def add_one(version: str, report: GateReport | None = None) -> None:
        files = {MODEL: onnx_model()}
        if report:
            files[REPORT] = report.to_json().encode()
        lineage = Lineage("0", "0", 120, "0.3.0", 7, "ab" * 32)
        BundleStore(tmp_path / "made").save(metadata(NAME, version=version, lineage=lineage), files)
        versions.add_candidate(NAME, version, tmp_path / "made", "retrain")

    return add_one


Run = Callable[..., tuple[int, str, str]]
Add = Callable[..., None]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command and returns exit code, output and errors."""

    def run_one(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main.main(["models", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_one


def serve(folder: Path, **processes: str) -> None:
    """Store that running bots serve these versions, by process; they answer as version 0 does."""
    bundle = BundleStore(folder / "shipped").load(NAME)
    answer = self_test.answer(Classifier(bundle))

    async def put() -> None:
        async with open_stores(folder / "var" / "soundslike.db", folder / "var") as stores:
            for process, version in processes.items():
                served = ServedModel(process, NAME, version, answer, utc_now() - timedelta(1e-5))
                await stores.served_models.put(served)

    (folder / "var").mkdir(exist_ok=True)
    asyncio.run(put())


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that sets which processes say again what they serve; time is virtual."""

    def set_speakers(*processes: str) -> None:
        async def waited(store: ServedModelStore, *given: Any, **named: Any) -> ServedReport:
            seconds = 0.0

            async def sleep(length: float) -> None:
                nonlocal seconds
                seconds += length
                for one in await store.live(utc_now() - LIVE, utc_now() + LIVE):
                    if one.process in processes:
                        await store.put(replace(one, at=utc_now()))

            named |= {"sleep": sleep, "monotonic": lambda: seconds}
            return await wait_until_served(store, *given, **named)

        monkeypatch.setattr(models_move, "wait_until_served", waited)

    return set_speakers


Wait = Callable[..., None]


def test_list_has_the_fixed_json(run: Run, add: Add) -> None:
    add("1", FAILED)
    code, out, err = run("list", "--json")
    assert (code, err) == (0, "")
    rows: list[dict[str, Any]] = json.loads(out)
    assert [(row["name"], row["version"], row["state"], row["parent"]) for row in rows] == [
        (NAME, "0", "active", None),
        (NAME, "1", "candidate", "0"),
    ]
    unknown = dict.fromkeys(
        ("weighted_f1", "macro_f1", "top_3", "calibration_error", "rows", "corrections", "frozen")
    )
    assert rows[0]["metrics"] == unknown | {"gate": None}
    assert rows[1]["metrics"] == unknown | {"gate": {"passed": False}}
    assert set(rows[0]) == {
        "name", "version", "state", "parent", "metrics", "at", "by", "reasons", "shipped",
    }  # fmt: skip
    assert json.loads(run("list", "--json", "--model", NAME)[1]) == rows


def test_list_is_a_table_with_one_active_version(run: Run, add: Add) -> None:
    add("1")
    run("promote", "1", "--no-wait")
    code, out, _ = run("list")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == NAME
    assert [line.split()[:3] for line in lines[2:]] == [
        ["0", "retired", lines[2].split()[2]],
        ["*", "1", "active"],
    ]
    assert "promote" in lines[3]
    assert max(map(len, lines)) <= WIDTH


def test_shipped_bundles_fit_the_width(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MODELS_DIR")
    lines = run("list")[1].splitlines()
    assert {"study", "wide"} <= set(lines)
    assert max(map(len, lines)) <= WIDTH
    assert any(line.startswith("* f9237298  active") and " 0.500" in line for line in lines)


def test_promotion_without_a_running_bot_says_so(run: Run, add: Add, versions: Versions) -> None:
    add("1")
    code, out, err = run("promote", "1")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "tiny 1 is the active version now, in place of 0.",
        "With MODEL_CHECK_SECONDS=0, bots look for it on SIGHUP or at their next start.",
        "No running bot has tiny as its model; bots serve that version when they start.",
    ]
    assert versions.active(NAME) == "1"
    assert run("promote", "1", "--no-wait")[:2] == (0, "tiny 1 is the active version already.\n")


def test_running_bots_that_serve_it_are_counted(run: Run, add: Add, tmp_path: Path) -> None:
    add("1")
    serve(tmp_path, a="1", b="1")
    code, out, _ = run("promote", "1")
    assert code == 0
    assert out.splitlines()[-1] == "2 running bots answer with 1."


def test_running_bot_with_another_version_is_named(
    run: Run, add: Add, tmp_path: Path, wait: Wait
) -> None:
    add("1")
    serve(tmp_path, a="0", b="1")
    wait("a")
    code, out, err = run("promote", "1")
    assert code == 1
    assert "tiny 1 is the active version now, in place of 0." in out
    assert err == (
        "1 is active in the model store, but a answers with 0: the log of that bot says why; "
        "`models rollback` goes back\n"
    )


def test_rollback_does_not_advise_another_one(
    run: Run, add: Add, tmp_path: Path, versions: Versions, wait: Wait
) -> None:
    add("1")
    run("promote", "1", "--no-wait")
    serve(tmp_path, a="1", b="1")
    wait("a", "b")
    code, out, err = run("rollback", "--model", NAME)
    assert code == 1
    assert "tiny 0 is the active version now, in place of 1." in out
    assert err == (
        "0 is active in the model store, but a answers with 1 and b answers with 1: the logs of "
        "those bots say why\n"
    )
    assert versions.active(NAME) == "0"


def test_bot_that_was_killed_is_no_failure(run: Run, add: Add, tmp_path: Path, wait: Wait) -> None:
    add("1")
    run("promote", "1", "--no-wait")
    serve(tmp_path, a="1")
    wait()
    code, out, err = run("rollback")
    assert (code, err) == (0, "")
    assert re.search(r"(?m)^a was last heard \d+ s ago, with 1: it may have ended\.$", out)
    assert "No running bot has tiny as its model" in out


def test_bot_that_answers_differently_is_not_believed(
    run: Run, add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait: Wait
) -> None:
    add("1")
    serve(tmp_path, a="1")
    wait("a")
    monkeypatch.setattr(self_test, "answer", lambda _: {"rock": 1.0})
    code, _, err = run("promote", "1")
    assert code == 1
    assert "a answers a known song differently than 1" in err


@pytest.mark.parametrize("command", ["rejected", "failed"])
def test_refused_version_needs_force(run: Run, add: Add, versions: Versions, command: str) -> None:
    add("1", FAILED if command == "failed" else None)
    if command == "rejected":
        versions.reject(NAME, "1", "retrain", FAILED.failures)
    code, out, err = run("promote", "1", "--no-wait")
    what = "was rejected" if command == "rejected" else "did not pass the gate"
    assert (code, out) == (1, "")
    assert err == (
        f"tiny 1 {what}: Its error is 0.09, above 0.05. To promote it all the same, add --force.\n"
    )
    assert versions.active(NAME) == "0"
    assert run("promote", "1", "--no-wait", "--force")[0] == 0
    assert versions.find("1").reasons == ("It was promoted with --force.",)


def test_why_says_where_a_version_comes_from(run: Run, add: Add, versions: Versions) -> None:
    add("1", FAILED)
    versions.reject(NAME, "1", "retrain", FAILED.failures)
    code, out, _ = run("why", "1")
    first, *others = out.splitlines()
    assert code == 0
    assert first.startswith("tiny 1 is rejected since ")
    assert first.endswith(" UTC, by retrain.")
    assert others[:4] == [
        "Trained from 0, with 120 corrections; program 0.3.0, seed 7, data abababababab.",
        "The gate compared it with 0, 30 corrections held back: it did not pass.",
        "  ✓ songs: All 14 built-in songs are plausible.",
        "  ✗ calibration: Its error is 0.09, above 0.05.",
    ]
    assert [line.split("UTC  ")[1] for line in others[4:]] == [
        "candidate, by retrain",
        "rejected, by retrain: Its error is 0.09, above 0.05.",
    ]


def test_why_says_reasons_as_sentences_and_wraps_them(
    run: Run, add: Add, versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    long = " and ".join(["all of 14 % of the built-in songs are plausible"] * 4)
    add("1", replace(FAILED, checks=(Check("sane", passed=False, sentence=f"Of it, {long}."),)))
    versions.reject(NAME, "1", "shadow", ("it differs on 40 of 900 answers", "votes are against"))
    lines = run("why", "1")[1].splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert not any(line.lstrip().startswith("%") for line in lines)
    assert long in " ".join(line.strip() for line in lines)
    whole = " ".join(line.strip() for line in lines)
    assert whole.endswith("by shadow: It differs on 40 of 900 answers. Votes are against.")
    assert next(after for line, after in pairwise(lines) if "✗" in line).startswith("    ")


def test_why_of_a_shipped_version(run: Run) -> None:
    assert run("why", "0")[1].splitlines() == [
        "tiny 0 is active, as it came with the program.",
        "The gate has not judged it.",
        "It was never moved.",
    ]


def test_damaged_report_is_refused_in_words(
    run: Run, add: Add, tmp_path: Path, versions: Versions
) -> None:
    add("1", FAILED)
    report = tmp_path / "var" / "models" / NAME / "1" / REPORT
    report.write_text(FAILED.to_json().replace("false", "true"))
    assert "Report.json of tiny 1 is damaged." in run("why", "1")[1]
    code, printed, said = run("promote", "1", "--no-wait")
    assert (code, printed) == (1, "")
    *notes, problem = said.splitlines()
    assert problem == "report.json of tiny 1 is damaged"
    assert all(note.startswith("note: ") for note in notes)
    assert versions.active(NAME) == "0"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["list", "--model", "other"], "there is no model 'other'"),
        (["promote", "9"], "there is no version '9'"),
        (["promote", "../x"], "there is no version '../x'"),
        (["why", "9"], "there is no version '9'"),
        (["rollback"], "no version of model 'tiny' was active before 0"),
        (["rollback", "--model", "../x"], "'../x' is not a valid file of a model"),
    ],
)
def test_what_is_not_there_is_one_sentence(run: Run, arguments: list[str], expected: str) -> None:
    assert run(*arguments) == (1, "", f"{expected}\n")


@pytest.mark.parametrize(
    ("setting", "code", "expected"),
    [
        ("MODEL_STORE=nothing://me:hush@host/x", 1, "cannot be used"),
        ("MODEL_SIGNING_KEY=none.pem", 1, "the key none.pem cannot be read"),
        ("RETENTION_DAYS=soon", EX_CONFIG, "RETENTION_DAYS"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, setting: str, code: int, expected: str
) -> None:
    monkeypatch.setenv(*setting.split("=", 1))
    found, out, err = run("list")
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert expected in err
    assert "hush" not in err


def test_invalid_event_is_noted_once(run: Run, add: Add, tmp_path: Path) -> None:
    add("1")
    (tmp_path / "var" / "models" / NAME / "events" / "x.json").write_text("{}")
    code, _, err = run("promote", "1", "--no-wait")
    assert code == 0
    assert err.count("\n") == 1
    assert err.startswith("note: ")
    assert "x.json is skipped" in err


def test_store_that_does_not_answer_is_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    monkeypatch.setattr(Versions, "entries", lambda *_: release.wait(60))
    monkeypatch.setattr(model_versions.AsyncVersions.ask, "__defaults__", (0.05,))
    code, out, err = run("list")
    release.set()
    assert (code, out) == (1, "")
    assert err == (
        f"{tmp_path}/var/models takes too long. Nothing more was done; `models list` says what is "
        "active\n"
    )
