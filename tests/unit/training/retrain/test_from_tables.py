"""Candidates that are fitted on tables and corrections."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.bundle import Lineage
from model.schema import NAMES
from tests.unit.training.chat_votes import label
from tests.unit.training.made_up import STUDY
from training import tables as training_tables
from training.ensemble_training import Plan
from training.errors import CannotRetrain
from training.fit import Fitted
from training.gate.contender import Contender
from training.retrain import from_tables
from training.split import TEST_SHARE, Side, share_of
from training.tasks import Task

LINEAGE = Lineage("parent", "", 7, "1", 1, "digest")
TESTED = next(name for name in map(str, range(99)) if share_of(name) < TEST_SHARE)


@pytest.fixture
def tables(made_up: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Let the made-up dataset be that of any folder."""
    monkeypatch.setattr(from_tables, "load_dataset", lambda _: made_up.copy())
    monkeypatch.setattr(training_tables, "load_tables", lambda _: made_up.copy())
    monkeypatch.setattr(from_tables, "TASKS", (STUDY,))
    return made_up


def test_candidate_has_its_reference_and_lineage(
    tables: pd.DataFrame, fitted_on_labels: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[pd.DataFrame, int, bool]] = []

    def fit(rows: pd.DataFrame, _task: Task, _plan: Plan, seed: int, *, whole: bool) -> Fitted:
        given.append((rows, seed, whole))
        return fitted_on_labels

    monkeypatch.setattr(from_tables, "fit", fit)
    songs = np.random.default_rng(0).random((30, len(NAMES)))
    labels = [
        label(f"new{number}", dict(zip(NAMES, song.tolist(), strict=True)), artists=("new",))
        for number, song in enumerate(songs)
    ]
    tested = label("tested", dict.fromkeys(NAMES, 0.3), artists=(TESTED,))
    lines: list[str] = []
    made = from_tables.from_tables(Path(), "study", [*labels, tested], LINEAGE, lines.append)
    assert [(seed, whole) for _, seed, whole in given] == [(LINEAGE.seed, False)]
    metadata = made.fitted.metadata
    assert metadata.lineage is not None
    assert metadata.lineage.rows_added == 30
    assert "feedback: 1 tracks stay out: they are on the test side" in lines
    assert "without the test rows" in metadata.metrics.split
    assert made.reference is not None
    assert Contender(made.reference).genres == metadata.genres
    assert made.rows is given[0][0]
    voted = made.rows[made.rows["table"] == "feedback"]
    assert set(voted["side"]) == {Side.TRAIN}
    assert len(made.rows) == len(tables) + 30


def test_model_without_tables_is_refused() -> None:
    with pytest.raises(CannotRetrain, match="there are: wide, study"):
        from_tables.task_of("other")
