"""Labels from the chat in `python -m training fit`."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.bundle import MODEL
from model.metrics import FeaturePattern, MeasuredModel
from model.store import BundleStore
from tests.support.factories import OLD_TOWN_ROAD, VALUES, sound_answer
from tests.support.migrated_sqlite import migrated_sqlite
from tests.unit.training.chat_votes import UNKNOWN_TRACK, label, vote, vote_on
from tests.unit.training.made_up import BY_LABEL, GENRES, QUICK, STUDY, TASK
from training import tables
from training.__main__ import main
from training.annotators import ARTIST_ACCURACY
from training.calibrated_model import fit_calibrated
from training.commands import fit as command
from training.evaluation import by_pattern, truth_rows
from training.export import to_onnx
from training.feedback.training_rows import add_labels
from training.feedback.votes import AgreedLabel
from training.fit import Fitted
from training.tables import FEEDBACK
from training.targets import NO_LABEL, Targets, targets
from training.tasks import Task

ALL = FeaturePattern.ALL


def targets_of(rows: pd.DataFrame, task: Task, *labels: AgreedLabel) -> Targets:
    """Return the targets of the rows and then the labels."""
    return targets(add_labels(rows, labels, rows)[0], task)


def test_label_counts_like_the_sources_opinion_of_an_artist(made_up: pd.DataFrame) -> None:
    voted = targets_of(made_up, TASK, label()).likelihood[-1]
    wrong = (1 - ARTIST_ACCURACY) / (len(GENRES) - 1)
    assert voted == pytest.approx(np.array([ARTIST_ACCURACY, wrong, wrong]) / ARTIST_ACCURACY)


def test_label_counts_as_the_truth_where_labels_are(made_up: pd.DataFrame) -> None:
    assert targets_of(made_up, BY_LABEL, label()).likelihood[-1].tolist() == [1, 0, 0]
    jazz = label("x", genre="jazz")
    assert targets_of(made_up, BY_LABEL, jazz).likelihood[-1].tolist() == [1, 1, 1]


def test_votes_weigh_more_than_a_row_of_a_table(made_up: pd.DataFrame) -> None:
    one, four = label("one"), label("four", {**VALUES, "tempo": 99.0}, weight=4)
    weight = targets_of(made_up, TASK, one, four).weight
    assert weight[-1] / weight[-2] == pytest.approx(4)
    assert weight[-2] == pytest.approx(weight[:-2].max())


def test_labels_are_no_annotators(made_up: pd.DataFrame) -> None:
    plain, voted = targets(made_up, TASK), targets_of(made_up, TASK, label())
    assert voted.label[-1] == NO_LABEL
    assert len(voted.label_annotator) == len(plain.label_annotator)
    assert np.array_equal(voted.likelihood[:-1], plain.likelihood)


@pytest.mark.training
def test_fit_measures_the_model_with_and_without_labels(
    made_up: pd.DataFrame, fitted_on_labels: Fitted
) -> None:
    plain = fit_calibrated(made_up, STUDY, QUICK, seed=1)
    tested = truth_rows(made_up, STUDY)
    before = by_pattern(plain.probabilities, tested, GENRES, STUDY.features, patterns=(ALL,))
    found = fitted_on_labels.metadata
    without = found.metrics.figures(features=ALL, model=MeasuredModel.WITHOUT_FEEDBACK)
    assert [(ALL, without)] == list(before)
    after = found.metrics.figures(features=ALL)
    assert after != without
    assert after.rows == without.rows
    assert to_onnx(plain.ensemble) != fitted_on_labels.files[MODEL]
    (entry,) = [entry for entry in found.data if entry["name"] == FEEDBACK]
    assert entry["rows_by_genre"] == {"rock": 40}


async def test_command_adds_labels_to_the_dataset(
    address: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await vote(address, UNKNOWN_TRACK, {"a": "folk"})
    await vote(address, OLD_TOWN_ROAD, {"a": "country"})
    await vote_on(address, sound_answer(), votes={"a": "folk"})
    arguments = ["fit", "--data", str(data), "--tables", "fma,billboard", "--feedback", address]
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert "feedback: 1 tracks added (1 folk)" in printed.out
    assert "feedback: 1 tracks stay out: they are held-out songs" in printed.out
    assert "feedback: 1 votes stay out: they are on sound files" in printed.out
    assert "too few rows to train and to test on" in printed.err


@pytest.mark.training
async def test_command_prints_what_the_labels_changed(
    made_up: pd.DataFrame,
    fitted_on_labels: Fitted,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given: list[pd.DataFrame] = []

    def fit_instead(rows: pd.DataFrame, *_: object) -> Fitted:
        given.append(rows)
        return fitted_on_labels

    address = migrated_sqlite(tmp_path / "soundslike.db")
    await vote(address, UNKNOWN_TRACK, dict.fromkeys("abcde", "rock"))
    monkeypatch.setattr(command, "load_dataset", lambda *_: made_up)
    monkeypatch.setattr(tables, "load_tables", lambda *_: made_up)
    monkeypatch.setattr(command, "TASKS", [STUDY])
    monkeypatch.setattr(command, "fit", fit_instead)
    out = tmp_path / "bundles"
    assert main(["fit", "--out", str(out), "--feedback", address]) == 0
    (rows,) = given
    assert rows["genre"][rows["table"] == FEEDBACK].tolist() == ["rock"]
    printed = capsys.readouterr().out
    metrics = BundleStore(out).load("study").metadata.metrics
    before = metrics.figures(features=ALL, model=MeasuredModel.WITHOUT_FEEDBACK)
    change = metrics.figures(features=ALL).macro_f1 - before.macro_f1
    (line,) = [line for line in printed.splitlines() if "feedback changed, test, all:" in line]
    assert f"macro_f1 {change:+.4f}" in line
    assert "| all | all | without feedback |" in (out / "CARD.md").read_text()
