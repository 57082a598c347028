"""The figures in the README, from the figures file."""

from dataclasses import replace
from pathlib import Path

import pytest

from model.metrics import (
    FeaturePattern,
    Figures,
    MeasuredModel,
    Measurement,
    Metrics,
    Slice,
    Split,
)
from model.verdicts import VerdictFigures
from tests.support.factories import metadata
from training import figures
from training.figures import ConditionFigures, FiguresFile, StudyFigures
from training.readme import END, START, readme, write_readme

PATTERNS = (FeaturePattern.WITH_YEAR, FeaturePattern.ALL, FeaturePattern.CORE)
SCORES = Figures(4321, 0.5, 0.4, 0.5, 0.7, 0.85, 0.9, {}, 0.02, weighted_f1_error=0.006)
VERDICTS = {
    "plain": VerdictFigures(0.75, 0.311, 0.8, 0.2, 0.78),
    "either": VerdictFigures(0.7, 0.4, 0.77, 0.3, 0.76),
    "unsure": VerdictFigures(0.0, 0.289, 0.6, 0.5, 0.55),
}
STUDY = StudyFigures(
    quick=False,
    seed=0,
    date="2026-01-01",
    tasks=(),
    left_out=(ConditionFigures(condition="fma", ours=0.456, forest=0.345),),
    open_data=(ConditionFigures(condition="fma", ours=0.2345),),
)


def measurement(pattern: FeaturePattern, model: MeasuredModel, f1: float) -> Measurement:
    return Measurement(Split.TEST, Slice.ALL, pattern, model, replace(SCORES, weighted_f1=f1))


@pytest.fixture
def file(tmp_path: Path) -> FiguresFile:
    """Return the figures of two models and of a study."""
    ours = [
        measurement(pattern, MeasuredModel.OURS, 0.6 - 0.01 * number)
        for number, pattern in enumerate(PATTERNS)
    ]
    baseline = measurement(FeaturePattern.CORE, MeasuredModel.BASELINE, 0.4)
    metrics = Metrics("", None, (*ours, baseline))
    bundles = [metadata(name, metrics=metrics, verdicts=VERDICTS) for name in ("wide", "study")]
    path = tmp_path / "figures.json"
    figures.write_models(path, bundles)
    figures.write_study(path, STUDY)
    return figures.read(path)


@pytest.mark.parametrize(
    "part",
    [
        "| `wide` | 12 features and the year | 0.600 ± 0.006 | 0.400 | 0.850 | 0.900 | 0.020 |",
        "| `wide` | 8 features | 0.580 ± 0.006 |",
        "| the study's recipe, 13 genres | 8 features | 0.400 ± 0.006 |",
        "| `study`, 3 genres | 8 features | 0.580 ± 0.006 |",
        "(4,321 of 13 genres)",
        '"X" of 31% (20%) of songs, right for 80% (78%),',
        '"X or Y" of 40% (30%) of songs, right for 77% (76%),',
        '"hard to say" of 29% (50%) of songs, right for 60% (55%),',
        "0.46 on fma (recipe 0.34)",
        "0.23 (fma)",
    ],
)
def test_figures_contain(file: FiguresFile, part: str) -> None:
    assert part in readme(file)


def test_study_is_left_out_before_its_first_run(file: FiguresFile) -> None:
    assert "docs/study.html" not in readme(file.model_copy(update={"study": None}))


def test_only_the_text_between_the_marks_is_replaced(file: FiguresFile, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(f"before\n{START}\nold\n{END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        assert write_readme(file, path)
        text = path.read_text(encoding="utf-8")
        assert text == f"before\n{START}\n{readme(file)}{END}\nafter\n"


def test_installed_package_has_no_readme(file: FiguresFile, tmp_path: Path) -> None:
    assert not write_readme(file, tmp_path / "README.md")
