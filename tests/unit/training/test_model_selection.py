"""Which model is shipped, by the study's figures."""

from dataclasses import replace
from pathlib import Path

import pytest

from training import figures
from training.__main__ import main
from training.errors import NoWinner
from training.figures import ModelResult, StudyFigures, TaskResult
from training.model_selection import MOST_BYTES, MOST_MS, select_model

COMMITTEE = ModelResult(
    "committee", "committee of networks", "shipped", 8, 0.8, 0.01, 2000, 0.1, {}
)
FOREST = replace(COMMITTEE, key="forest", name="random forest", kind="study")


def found(*entrants: ModelResult) -> StudyFigures:
    """Make the figures of a study with these models."""
    fields = (TaskResult("wide", 13, ("fma",), "", "", entrants),)
    return StudyFigures(format=1, quick=False, seed=0, fields=fields, away=())


def test_the_highest_on_the_folds_wins() -> None:
    assert select_model(found(replace(FOREST, fold=0.7), COMMITTEE), "wide").winner is COMMITTEE


@pytest.mark.parametrize(
    "better", [replace(FOREST, bytes=MOST_BYTES + 1), replace(FOREST, row_ms=MOST_MS + 0.01)]
)
def test_what_is_too_large_or_too_slow_does_not_count(better: ModelResult) -> None:
    chosen = select_model(found(replace(better, fold=0.9), COMMITTEE), "wide")
    assert chosen.winner is COMMITTEE
    assert "random forest, has 0.900" in chosen.outcome


def test_of_those_within_a_standard_error_the_smallest_wins() -> None:
    level = replace(FOREST, fold=0.805, bytes=3000)
    chosen = select_model(found(level, COMMITTEE), "wide")
    assert chosen.winner is COMMITTEE
    assert "the lead may be chance" in chosen.outcome
    with pytest.raises(NoWinner, match="random forest"):
        select_model(found(replace(level, fold=0.811), COMMITTEE), "wide")


def test_a_winner_that_cannot_be_exported_is_refused() -> None:
    with pytest.raises(NoWinner, match=r"random forest .* cannot be exported"):
        select_model(found(replace(FOREST, fold=0.9), COMMITTEE), "wide")


@pytest.mark.parametrize(
    "figures",
    [found(), replace(found(COMMITTEE), quick=True), replace(found(COMMITTEE), fields=())],
    ids=["no model", "a quick run", "no such task"],
)
def test_figures_without_a_winner_are_refused(figures: StudyFigures) -> None:
    with pytest.raises(NoWinner):
        select_model(figures, "wide")


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"format": 1}'])
def test_figures_that_cannot_be_read_are_one_sentence_before_the_tables_are_read(
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


def test_they_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    committed = figures.read(figures.COMMITTED)
    assert committed.to_json() == figures.COMMITTED.read_text(encoding="utf-8")
    (tmp_path / "figures.json").write_text(found(COMMITTEE).to_json())
    assert figures.read(tmp_path / "figures.json") == found(COMMITTEE)
