"""Selection of the model to ship from the study's figures."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.metrics import FeaturePattern, Slice
from training import figures
from training.__main__ import main
from training.errors import NoWinner
from training.figures import ModelResult, SliceScores, StudyFigures, TaskResult
from training.model_selection import MAX_BYTES, MAX_ROW_MS, select_model

SCORES = SliceScores(Slice.ALL, FeaturePattern.CORE, 9, 0.81, 0.71, 0.82, 0.95, 0.9, 0.02)
ENSEMBLE = ModelResult(
    "ensemble", "ensemble of networks", "shipped", 8, 0.8, 0.01, 2000, 0.1, (SCORES,)
)
FOREST = replace(ENSEMBLE, key="forest", name="random forest", kind="study")


def study(*models: ModelResult) -> StudyFigures:
    """Return the figures of a study with these models."""
    tasks = (TaskResult("wide", 13, ("fma",), "", "", models),)
    return StudyFigures(format=2, quick=False, seed=0, tasks=tasks, left_out_tables=())


def test_highest_score_on_the_folds_wins() -> None:
    assert select_model(study(replace(FOREST, fold=0.7), ENSEMBLE), "wide").winner is ENSEMBLE


@pytest.mark.parametrize(
    "better", [replace(FOREST, bytes=MAX_BYTES + 1), replace(FOREST, row_ms=MAX_ROW_MS + 0.01)]
)
def test_too_large_and_too_slow_models_are_ignored(better: ModelResult) -> None:
    chosen = select_model(study(replace(better, fold=0.9), ENSEMBLE), "wide")
    assert chosen.winner is ENSEMBLE
    assert "random forest, has 0.900" in chosen.outcome


def test_smallest_model_within_a_standard_error_wins() -> None:
    level = replace(FOREST, fold=0.805, bytes=3000)
    chosen = select_model(study(level, ENSEMBLE), "wide")
    assert chosen.winner is ENSEMBLE
    assert "the lead may be chance" in chosen.outcome
    with pytest.raises(NoWinner, match="random forest"):
        select_model(study(replace(level, fold=0.811), ENSEMBLE), "wide")


def test_winner_that_cannot_be_exported_is_an_error() -> None:
    with pytest.raises(NoWinner, match=r"random forest .* cannot be exported"):
        select_model(study(replace(FOREST, fold=0.9), ENSEMBLE), "wide")


@pytest.mark.parametrize(
    "figures",
    [study(), replace(study(ENSEMBLE), quick=True), replace(study(ENSEMBLE), tasks=())],
    ids=["no model", "a quick run", "no such task"],
)
def test_figures_without_a_winner_are_an_error(figures: StudyFigures) -> None:
    with pytest.raises(NoWinner):
        select_model(figures, "wide")


@pytest.mark.parametrize(
    "content", [None, "", "{}", "[]", '{"format": 1}', '{"format": 2}', '{"format": 3}']
)
def test_unreadable_figures_are_a_one_line_error(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("report.json", "figures.json"):
        path = tmp_path / name
        if content is not None:
            path.write_text(content)
        assert main(["fit", "--report", str(path), "--data", "none", "--out", str(tmp_path)]) == 1
        error = capsys.readouterr().err
        assert error.startswith(f"{path}: cannot be read")
        assert error.count("\n") == 1


def test_figures_round_trip(tmp_path: Path) -> None:
    committed = figures.read(figures.COMMITTED)
    assert committed.to_json() == figures.COMMITTED.read_text(encoding="utf-8")
    (tmp_path / "figures.json").write_text(study(ENSEMBLE).to_json())
    assert figures.read(tmp_path / "figures.json") == study(ENSEMBLE)


def test_figures_are_found_beside_the_report(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}")
    (tmp_path / "figures.json").write_text(study(ENSEMBLE).to_json())
    assert figures.read(tmp_path / "report.json") == study(ENSEMBLE)


def test_figures_of_format_1_are_read(tmp_path: Path) -> None:
    scores = {name: getattr(SCORES, name) for name in ("rows", "weighted_f1", "macro_f1")}
    scores |= {name: getattr(SCORES, name) for name in ("accuracy", "top_3", "mean_auc")}
    scores |= {"calibration_error": SCORES.calibration_error}
    model: dict[str, Any] = {"key": "committee", "name": "committee of networks", "kind": "shipped"}
    model |= {"features": 8, "fold": 0.8, "error": 0.01, "bytes": 2000, "row_ms": 0.1}
    task: dict[str, Any] = {"task": "wide", "genres": 13, "tables": ["fma"], "best": "committee"}
    task |= {"best_of_study": "forest", "entrants": [model | {"scores": {"test": scores}}]}
    away = [{"table": "fma", "ours": 0.2, "recipe": 0.3}]
    content = {"format": 1, "quick": False, "seed": 0, "fields": [task], "away": away}
    (tmp_path / "figures.json").write_text(json.dumps(content))
    found = figures.read(tmp_path / "figures.json")
    assert found.task("wide").model("ensemble") == ENSEMBLE
    assert found.task("wide").best == figures.ENSEMBLE
    assert (found.left_out_tables[0].ours, found.left_out_tables[0].baseline) == (0.2, 0.3)
