"""Tests that the report's sentences agree with its figures."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from model.metrics import Figures
from training.study.report.page import page
from training.study.report.sections.goals import GOALS
from training.study.results import Fold, ModelReport, Report, TaskReport
from training.study.robustness.results import ConditionResult, TableLeftOut


@pytest.fixture
def scored(report: Report) -> Callable[[float], Figures]:
    """Return a function that makes figures with a given weighted F1."""
    return lambda f1: replace(report.tasks[0].models[0].test, weighted_f1=f1)


def page_text(report: Report) -> str:
    """Return the page with character references resolved."""
    return unescape(page(report))


def test_sentence_on_random_splits_names_the_cases_without_optimism(
    report: Report, scored: Callable[[float], Figures]
) -> None:
    assert report.robustness
    splits = tuple(
        ConditionResult("study", model, condition, scored(f1))
        for model, condition, f1 in (
            ("forest", "rows at random", 0.83),
            ("forest", "by artist", 0.81),
            ("boosting", "rows at random", 0.472),
            ("boosting", "by artist", 0.475),
        )
    )
    text = page_text(replace(report, robustness=replace(report.robustness, splits=splits)))
    assert "scores higher in 1 of 2 cases, by 0.020 at most; not in boosting" in text
    assert "(0.472, by artist 0.475)" in text


def test_tables_where_the_shipped_model_is_not_better_than_the_baseline_are_named(
    report: Report, scored: Callable[[float], Figures]
) -> None:
    assert report.robustness
    tables = tuple(
        TableLeftOut(name, ("rock",), scored(baseline), scored(shipped), scored(0.6))
        for name, baseline, shipped in (("fma", 0.28, 0.265), ("playlists", 0.35, 0.36))
    )
    text = page_text(replace(report, robustness=replace(report.robustness, tables=tables)))
    assert (
        "better than the baseline, a random forest, on 1 of 2, and misses that goal on fma" in text
    )
    assert "(0.265 against 0.280)" in text
    genres = len(tables[0].shipped.auc)
    assert f"fma ({genres} genres)" in text


def on_folds(task: TaskReport, scores: dict[str, float]) -> TaskReport:
    """Return the task with these scores on 5 folds; the standard error is 0.005."""
    models = tuple(replace(model, fold=Fold(scores[model.key], 0.01, 5)) for model in task.models)
    return replace(task, models=models)


@pytest.mark.parametrize(("rival", "count"), [(0.797, 2), (0.79, 0)])
def test_lead_within_the_standard_error_may_be_chance(
    report: Report, rival: float, count: int
) -> None:
    scores = {"forest": 0.5, "boosting": rival, "ensemble": 0.8}
    text = page_text(replace(report, tasks=tuple(on_folds(task, scores) for task in report.tasks)))
    assert "scored highest on the folds (0.800, standard error 0.005; boosting" in text
    assert text.count("so the lead may be chance") == count


def test_summary_has_figures_with_and_without_a_named_artist(
    report: Report,
) -> None:
    text = page_text(report)
    for task in report.tasks:
        for figures in next(m for m in task.models if m.key == task.best).slices.values():
            assert f"{figures.weighted_f1:.3f} on {figures.rows:,} songs" in text


def test_different_numbers_of_training_rows_are_stated(report: Report) -> None:
    assert "ensemble, grid-searched 8,000" in page_text(report)


def test_agreed_songs_are_listed_with_and_without_extra_features(report: Report) -> None:
    def without_extras(model: ModelReport) -> ModelReport:
        return replace(model, agreed_with_extras=None) if model.kind == "study" else model

    tasks = tuple(
        replace(task, models=tuple(map(without_extras, task.models))) for task in report.tasks
    )
    text = page_text(replace(report, tasks=tasks))
    assert "boosting, grid-searched, with loudness, key, mode and duration" in text
    assert "forest, grid-searched, with loudness" not in text


def test_each_goal_is_listed_with_its_result(
    report: Report, scored: Callable[[float], Figures]
) -> None:
    goal = next(goal for goal in GOALS if (goal.task, goal.of) == ("wide", "test"))
    group = "13 genres, the 8 features</th></tr>"
    row = f'{group}<tr><th scope="row">weighted F1</th><td>{goal.figures["weighted_f1"]:.3f}'

    def reaching(f1: float) -> str:
        def better(model: ModelReport) -> ModelReport:
            return replace(model, test=scored(f1)) if model.kind == "shipped" else model

        tasks = tuple(replace(one, models=tuple(map(better, one.models))) for one in report.tasks)
        return page_text(replace(report, tasks=tasks))

    assert f'{row}</td><td>0.485</td><td class="words">yes' in reaching(0.485)
    assert f'{row}</td><td>0.484</td><td class="words">no' in reaching(0.484)


def test_large_genre_tables_are_collapsed(report: Report) -> None:
    text = page_text(report)
    wide = text[text.index('id="winners-wide"') :]
    narrow = text[text.index('id="winners-study"') : text.index('id="winners-wide"')]
    heading = "Confusion matrix"
    assert f"<summary>{heading}" in wide
    assert heading in narrow
    assert "<summary>" not in narrow
