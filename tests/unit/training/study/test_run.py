from dataclasses import replace

import pandas as pd
import pytest
from pydantic import ValidationError

from model.store import BundleStore
from training.study.candidates import OURS, keys
from training.study.comparison import Setup
from training.study.figures_export import study_figures
from training.study.results import Report
from training.study.run import study


def test_every_model_has_results_in_both_tasks(report: Report) -> None:
    assert [task.name for task in report.tasks] == ["study", "wide"]
    for task in report.tasks:
        assert tuple(model.key for model in task.models) == keys()
        assert sum(model.group == "study" for model in task.models) == 9
        for model in task.models:
            assert model.test.rows == sum(task.test_rows.values())
            assert sum(map(sum, model.confusion)) == model.test.rows
            assert (model.resampled is None) == (model.key == OURS)
            assert model.error > 0
        best = max(task.models, key=lambda one: one.test.weighted_f1)
        assert best.gap_error == 0
        assert any(model.gap_error > 0 for model in task.models)


def test_best_model_is_selected_by_folds_and_not_by_test(report: Report) -> None:
    for task in report.tasks:
        folds = {model.key: model.fold for model in task.models}
        assert folds[task.best] == max(folds.values())
        nine = [model.key for model in task.models if model.group == "study"]
        assert folds[task.best_of_study] == max(folds[key] for key in nine)


def test_models_learn_and_know_the_example_songs(report: Report) -> None:
    wide = report.tasks[-1]
    forest = wide.find("forest")
    assert forest
    assert forest.test.weighted_f1 > 0.5
    names = {model.name for model in wide.models}
    for song in report.songs:
        assert set(song.predictions["wide"]) == names | {"as shipped"}
        assert all(
            sum(p.values()) == pytest.approx(1, abs=0.01) for p in song.predictions["wide"].values()
        )


def test_every_experiment_has_results(report: Report) -> None:
    checks = report.checks
    assert {one.condition for one in checks["splits"]} == {"by artist", "songs at random"}
    assert {one.condition for one in checks["left_out"]} >= {"fma", "billboard"}
    assert [one.condition for one in checks["labels"]] == ["noisy annotators", "hard labels"]
    assert {one.model for one in checks["learning"]} == {"forest", "ours"}
    assert {one.condition for one in checks["open_data"]} == {"FMA alone", "all tables"}
    assert len({one.model for one in checks["absence"]}) == 3
    assert all(one.error > 0 for one in checks["absence"])
    assert checks["labels"][0].gap_error == 0  # it has no condition before it
    assert all(one.gap_error == 0 for one in checks["left_out"] if one.model == "ours")
    assert any(one.gap_error > 0 for one in checks["left_out"] if one.model == "forest")
    first = min(float(one.condition) for one in checks["learning"])
    assert any(one.gap_error > 0 for one in checks["learning"] if float(one.condition) > first)
    assert {one.first for one in report.agreements} == set()  # no recording is in two tables
    assert {one.table for one in report.meanings} <= {"fma", "billboard", "playlists"}


def test_results_round_trip_through_json(report: Report) -> None:
    text = report.model_dump_json()
    assert Report.model_validate_json(text) == report
    with pytest.raises(ValidationError):
        Report.model_validate_json(text.replace('"format":6', '"format":99'))


def test_figures_are_those_of_the_report(report: Report) -> None:
    found = study_figures(report)
    for task in report.tasks:
        own = found.task(task.name)
        assert (own.best, own.best_of_study) == (task.best, task.best_of_study)
        for model in task.models:
            assert own.model(model.key).weighted_f1 == model.test.weighted_f1
    assert {one.condition for one in found.left_out} >= {"fma", "billboard"}
    assert all(one.forest is not None for one in found.left_out)
    assert all(one.forest is None for one in found.labels)


def test_some_models_alone_run_without_experiments_and_songs(
    setup: Setup, songs: pd.DataFrame, examples: pd.DataFrame, report: Report
) -> None:
    few = study(replace(setup, keys=("bayes", "logistic")), songs, examples[:0], BundleStore())
    assert few.checks == {}
    assert few.songs == ()
    for task, whole in zip(few.tasks, report.tasks, strict=True):
        for model in task.models:
            same = whole.find(model.key)
            assert same
            assert (model.test, model.fold) == (same.test, same.fold)
        assert [model.key for model in task.models] == ["logistic", "bayes"]
