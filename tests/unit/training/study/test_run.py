from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.store import BundleStore
from training.features import matrix
from training.study import report
from training.study.candidates import KEYS, STUDY
from training.study.job_cache import JobCache
from training.study.results import FORMAT, Report
from training.study.run import StudyOptions, study
from training.study.scale import Size
from training.study.songs import ExampleSong

TIMINGS = {"search_seconds", "fit_seconds", "row_ms", "minutes", "stages"}


@pytest.fixture(scope="module")
def options(tiny: Size) -> StudyOptions:
    return StudyOptions(
        replace(tiny, folds=2, trees=3, rounds=2, learning_curve_shares=(0.5,)), seed=0
    )


@pytest.fixture(scope="module")
def songs(made_up: pd.DataFrame) -> tuple[ExampleSong, ...]:
    return (ExampleSong("Lil", "Old", "hip-hop", "playlists", matrix(made_up)[0]),)


def run(
    folder: Path, rows: pd.DataFrame, songs: tuple[ExampleSong, ...], options: StudyOptions
) -> Report:
    return study(JobCache(folder / "jobs", 1), rows, songs, options, BundleStore(folder / "none"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("study")


@pytest.fixture(scope="module")
def results(
    made_up: pd.DataFrame,
    songs: tuple[ExampleSong, ...],
    options: StudyOptions,
    folder: Path,
) -> Report:
    return run(folder, made_up, songs, options)


def untimed(value: Any) -> Any:
    """Return a report's content without times, which differ between runs."""
    if isinstance(value, dict):
        return {name: untimed(one) for name, one in value.items() if name not in TIMINGS}
    return [untimed(one) for one in value] if isinstance(value, list) else value


def test_every_model_has_results_in_both_tasks(results: Report) -> None:
    assert [task.name for task in results.tasks] == ["study", "wide"]
    for task in results.tasks:
        assert tuple(model.key for model in task.models) == KEYS
        for model in task.models:
            assert model.fold
            assert model.test.rows == sum(task.test_rows.values())
            assert sum(map(sum, model.confusion)) == model.test.rows
            assert (model.resampled is not None) == (model.kind == STUDY)


def test_best_model_is_selected_by_folds_and_not_by_test(results: Report) -> None:
    for task in results.tasks:
        score = {model.key: model.fold.weighted_f1 for model in task.models if model.fold}
        assert score[task.best] == max(score.values())
        nine = [model.key for model in task.models if model.kind == STUDY]
        assert score[task.best_of_study] == max(score[key] for key in nine)


def test_every_model_predicts_the_example_song(results: Report) -> None:
    (song,) = results.songs
    assert {(one.task, one.model) for one in song.predictions} == {
        (task, key) for task in ("study", "wide") for key in KEYS
    }


def test_mistakes_are_named_and_unique_by_artist(results: Report) -> None:
    for task in results.tasks:
        artists = [mistake.artist for mistake in task.mistakes]
        assert artists
        assert len(set(artists)) == len(artists)
        assert all(mistake.truth != mistake.predicted for mistake in task.mistakes)


def test_robustness_has_results_of_all_experiments(results: Report) -> None:
    assert results.robustness
    assert {row.condition for row in results.robustness.splits} > {"by artist"}
    assert {row.table for row in results.robustness.tables} == {"fma", "billboard"}
    assert sum(row.unmodified for row in results.robustness.absence) == 1
    assert {row.task for row in results.robustness.open_data} == {"study", "wide"}
    assert {row.model for row in results.robustness.learning} == {"forest", "boosting", "ensemble"}
    assert sum(rule.in_use for rule in results.robustness.rules) == 2


def test_report_round_trips_through_json_and_renders(results: Report, tmp_path: Path) -> None:
    assert Report.from_json(results.to_json()) == results
    assert report.write(results, tmp_path).stat().st_size > 10_000


def test_same_seed_gives_the_same_figures(
    results: Report,
    made_up: pd.DataFrame,
    songs: tuple[ExampleSong, ...],
    options: StudyOptions,
    tmp_path: Path,
) -> None:
    few = replace(options, keys=("bayes", "forest-grid", "blend", "ensemble"))
    repeated = run(tmp_path, made_up.copy(), songs, few)
    for task, same in zip(results.tasks, repeated.tasks, strict=True):
        first = {model.key: untimed(asdict(model)) for model in task.models}
        second = {model.key: untimed(asdict(model)) for model in same.models}
        assert second == {key: first[key] for key in few.keys}


def test_run_of_some_models_uses_cached_results_and_skips_robustness(
    results: Report,
    made_up: pd.DataFrame,
    songs: tuple[ExampleSong, ...],
    options: StudyOptions,
    folder: Path,
) -> None:
    before = set(folder.rglob("*.json"))
    some = run(folder, made_up, songs, replace(options, keys=("bayes", "logistic")))
    assert set(folder.rglob("*.json")) == before
    assert some.tasks[0].models == tuple(
        model for model in results.tasks[0].models if model.key in {"bayes", "logistic"}
    )
    assert some.robustness is None
    assert [[model.key for model in task.models] for task in some.tasks] == [
        ["logistic", "bayes"]
    ] * 2
    assert Report.from_json(some.to_json()) == some


def test_report_of_another_format_is_rejected(results: Report) -> None:
    text = results.to_json()
    other = text.replace(f'"format": {FORMAT}', '"format": 99', 1)
    assert other != text
    with pytest.raises(ValueError, match="format 99"):
        Report.from_json(other)
    with pytest.raises(ValueError, match="format None"):
        Report.from_json("[]")


def test_invalid_report_is_rejected(results: Report) -> None:
    broken = results.to_json().replace('"method"', '"way"', 1)
    with pytest.raises(ValueError, match="Report"):
        Report.from_json(broken)


def test_stage_times_of_a_cached_run_are_the_original_ones(
    results: Report,
    made_up: pd.DataFrame,
    songs: tuple[ExampleSong, ...],
    options: StudyOptions,
    folder: Path,
) -> None:
    assert results.run.stages["study: grids on folds"] > 0
    assert run(folder, made_up, songs, options).run.stages == results.run.stages


def test_every_model_is_measured_on_agreed_songs_with_the_same_features(results: Report) -> None:
    for model in (model for task in results.tasks for model in task.models):
        assert (model.agreed_with_extras is None) == (
            model.agreed is None or model.with_extras is None
        )


def test_study_without_example_songs_completes(
    made_up: pd.DataFrame, options: StudyOptions, tmp_path: Path
) -> None:
    fma = made_up[made_up["table"] == "fma"].reset_index(drop=True)
    store = BundleStore()
    found = study(
        JobCache(tmp_path, 1), fma, (), replace(options, keys=("bayes", "ensemble")), store
    )
    assert found.songs == ()
    assert all(len(task.models) == 2 for task in found.tasks)
    assert report.write(found, tmp_path).exists()
