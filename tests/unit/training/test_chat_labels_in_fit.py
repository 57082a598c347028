"""Labels from the chat in `python -m training fit`."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.metrics import FeaturePattern, MeasuredModel
from model.schema import NAMES
from model.store import BundleStore
from tests.support.factories import OLD_TOWN_ROAD, VALUES
from tests.unit.training.chat_votes import UNKNOWN_TRACK, label, vote
from training import tables
from training.__main__ import main
from training.chat_labels import ChatLabel, add_chat_labels
from training.commands import fit as command
from training.ensemble_training import Plan, TrainingData, fit_ensemble
from training.fit import fit
from training.identity import FINGERPRINT
from training.network import Network, Settings
from training.tables import FEEDBACK
from training.tasks import Task

PLAN = Plan(networks=1, settings=Settings((8,), epochs=4, dropout=0.1), processes=1)
TASK = Task("tiny", ("rock", "hip-hop", "electronic"), NAMES, ("fma", "billboard"))
ALL = FeaturePattern.ALL


def test_weight_repeats_the_row(rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def record_rows(training: TrainingData, _seed: int) -> Network:
        seen.append(len(training.fine_label))
        return Network((), ())

    monkeypatch.setattr(TrainingData, "train", record_rows)
    heavier = add_chat_labels(rows, [ChatLabel(UNKNOWN_TRACK, {"rock": 4}, VALUES)], rows)[0]
    for some in (rows, heavier):
        fit_ensemble(some, TASK, PLAN, 1, "test")
    assert seen[1] - seen[0] == 4


@pytest.mark.training
def test_fit_measures_the_model_with_and_without_labels(rows: pd.DataFrame) -> None:
    rng = np.random.default_rng(0)
    labels = [
        label(f"new{number}", {**VALUES, **{name: float(rng.random()) for name in FINGERPRINT}})
        for number in range(40)
    ]
    corrected, _ = add_chat_labels(rows, labels, rows)
    plain = fit(rows, TASK, PLAN, seed=1).metadata
    found = fit(corrected, TASK, PLAN, seed=1).metadata
    before = plain.metrics.figures(features=ALL)
    after = found.metrics.figures(features=ALL)
    assert found.metrics.figures(features=ALL, model=MeasuredModel.WITHOUT_FEEDBACK) == before
    assert after != before
    assert after.rows == before.rows
    assert found.version != plain.version
    (entry,) = [entry for entry in found.data if entry["name"] == FEEDBACK]
    assert entry["rows_by_genre"] == {"rock": 40}


async def test_command_adds_labels_to_the_dataset(
    address: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await vote(address, UNKNOWN_TRACK, {"a": "folk"})
    await vote(address, OLD_TOWN_ROAD, {"a": "country"})
    arguments = ["fit", "--data", str(data), "--tables", "fma,billboard", "--feedback", address]
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert "feedback: 1 tracks added (1 folk)" in printed.out
    assert "feedback: 1 tracks stay out: they are held-out songs" in printed.out
    assert "too few rows to train and to test on" in printed.err


@pytest.mark.training
async def test_command_prints_what_the_labels_changed(
    address: str,
    rows: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await vote(address, UNKNOWN_TRACK, dict.fromkeys("abcde", "rock"))
    monkeypatch.setattr(command, "load_dataset", lambda *_: rows)
    monkeypatch.setattr(tables, "load_tables", lambda *_: rows)
    monkeypatch.setattr(command, "TASKS", [replace(TASK, name="study")])
    monkeypatch.setattr(command, "PLANS", {"study": PLAN})
    out = tmp_path / "bundles"
    assert main(["fit", "--out", str(out), "--feedback", address]) == 0
    printed = capsys.readouterr().out
    metrics = BundleStore(out).load("study").metadata.metrics
    before = metrics.figures(features=ALL, model=MeasuredModel.WITHOUT_FEEDBACK)
    change = metrics.figures(features=ALL).macro_f1 - before.macro_f1
    (line,) = [line for line in printed.splitlines() if "feedback changed, test, all" in line]
    assert f"macro_f1 {change:+.4f}" in line
    assert "| all | all | without feedback |" in (out / "CARD.md").read_text()
