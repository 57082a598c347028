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
from training.study.songs import AskedSong

TIMINGS = {"search_seconds", "fit_seconds", "row_ms", "minutes", "stages"}


@pytest.fixture(scope="module")
def order(tiny: Size) -> StudyOptions:
    return StudyOptions(replace(tiny, folds=2, trees=3, rounds=2, shares=(0.5,)), seed=0)


@pytest.fixture(scope="module")
def songs(made_up: pd.DataFrame) -> tuple[AskedSong, ...]:
    return (AskedSong("Lil", "Old", "hip-hop", "playlists", matrix(made_up)[0]),)


def run(
    folder: Path, rows: pd.DataFrame, songs: tuple[AskedSong, ...], order: StudyOptions
) -> Report:
    return study(JobCache(folder / "pieces", 1), rows, songs, order, BundleStore(folder / "none"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("study")


@pytest.fixture(scope="module")
def whole(
    made_up: pd.DataFrame,
    songs: tuple[AskedSong, ...],
    order: StudyOptions,
    folder: Path,
) -> Report:
    return run(folder, made_up, songs, order)


def untimed(value: Any) -> Any:
    """Leave out what differs from run to run."""
    if isinstance(value, dict):
        return {name: untimed(one) for name, one in value.items() if name not in TIMINGS}
    return [untimed(one) for one in value] if isinstance(value, list) else value


def test_every_model_has_a_row_in_both_tasks(whole: Report) -> None:
    assert [task.name for task in whole.tasks] == ["study", "wide"]
    for task in whole.tasks:
        assert tuple(model.key for model in task.models) == KEYS
        for model in task.models:
            assert model.fold
            assert model.test.rows == sum(task.test_rows.values())
            assert sum(map(sum, model.confusion)) == model.test.rows
            assert (model.resampled is not None) == (model.kind == STUDY)


def test_the_best_model_is_chosen_by_the_folds_and_not_by_the_test(whole: Report) -> None:
    for task in whole.tasks:
        score = {model.key: model.fold.weighted_f1 for model in task.models if model.fold}
        assert score[task.best] == max(score.values())
        nine = [model.key for model in task.models if model.kind == STUDY]
        assert score[task.best_of_study] == max(score[key] for key in nine)


def test_every_model_is_asked_about_the_song(whole: Report) -> None:
    (song,) = whole.songs
    assert {(one.task, one.model) for one in song.opinions} == {
        (task, key) for task in ("study", "wide") for key in KEYS
    }


def test_mistakes_are_named_and_one_for_an_artist(whole: Report) -> None:
    for task in whole.tasks:
        artists = [mistake.artist for mistake in task.mistakes]
        assert artists
        assert len(set(artists)) == len(artists)
        assert all(mistake.truth != mistake.predicted for mistake in task.mistakes)


def test_the_honest_part_has_all_its_questions(whole: Report) -> None:
    assert whole.honest
    assert {row.condition for row in whole.honest.splits} > {"by artist"}
    assert {row.table for row in whole.honest.tables} == {"fma", "billboard"}
    assert sum(row.as_they_are for row in whole.honest.absence) == 1
    assert {row.task for row in whole.honest.open_data} == {"study", "wide"}
    assert {row.model for row in whole.honest.learning} == {"forest", "boosting", "ensemble"}
    assert sum(rule.chosen for rule in whole.honest.rules) == 2


def test_it_is_read_back_as_it_was_written_and_makes_a_page(whole: Report, tmp_path: Path) -> None:
    assert Report.from_json(whole.to_json()) == whole
    assert report.write(whole, tmp_path).stat().st_size > 10_000


def test_the_same_seed_gives_the_same_numbers(
    whole: Report,
    made_up: pd.DataFrame,
    songs: tuple[AskedSong, ...],
    order: StudyOptions,
    tmp_path: Path,
) -> None:
    few = replace(order, keys=("bayes", "forest-grid", "blend", "ensemble"))
    again = run(tmp_path, made_up.copy(), songs, few)
    for task, same in zip(whole.tasks, again.tasks, strict=True):
        first = {model.key: untimed(asdict(model)) for model in task.models}
        second = {model.key: untimed(asdict(model)) for model in same.models}
        assert second == {key: first[key] for key in few.keys}


def test_some_models_alone_come_without_the_honest_part_and_from_what_was_kept(
    whole: Report,
    made_up: pd.DataFrame,
    songs: tuple[AskedSong, ...],
    order: StudyOptions,
    folder: Path,
) -> None:
    before = set(folder.rglob("*.json"))
    some = run(folder, made_up, songs, replace(order, keys=("bayes", "logistic")))
    assert set(folder.rglob("*.json")) == before
    assert some.tasks[0].models == tuple(
        model for model in whole.tasks[0].models if model.key in {"bayes", "logistic"}
    )
    assert some.honest is None
    assert [[model.key for model in task.models] for task in some.tasks] == [
        ["logistic", "bayes"]
    ] * 2
    assert Report.from_json(some.to_json()) == some


def test_a_report_of_another_format_is_refused(whole: Report) -> None:
    text = whole.to_json()
    other = text.replace(f'"format": {FORMAT}', '"format": 99', 1)
    assert other != text
    with pytest.raises(ValueError, match="format 99"):
        Report.from_json(other)
    with pytest.raises(ValueError, match="format None"):
        Report.from_json("[]")


def test_what_is_no_report_is_refused(whole: Report) -> None:
    broken = whole.to_json().replace('"method"', '"way"', 1)
    with pytest.raises(ValueError, match="Report"):
        Report.from_json(broken)


def test_each_stage_tells_its_work_and_a_second_run_counts_what_was_kept(
    whole: Report,
    made_up: pd.DataFrame,
    songs: tuple[AskedSong, ...],
    order: StudyOptions,
    folder: Path,
) -> None:
    assert whole.run.stages["study: grids on folds"] > 0
    assert run(folder, made_up, songs, order).run.stages == whole.run.stages


def test_every_model_is_measured_on_agreed_songs_with_the_same_features(whole: Report) -> None:
    for model in (model for task in whole.tasks for model in task.models):
        assert (model.agreed_with_extras is None) == (
            model.agreed is None or model.with_extras is None
        )


def test_a_study_without_songs_to_judge_ends(
    made_up: pd.DataFrame, order: StudyOptions, tmp_path: Path
) -> None:
    fma = made_up[made_up["table"] == "fma"].reset_index(drop=True)
    store = BundleStore()
    found = study(JobCache(tmp_path, 1), fma, (), replace(order, keys=("bayes", "ensemble")), store)
    assert found.songs == ()
    assert all(len(task.models) == 2 for task in found.tasks)
    assert report.write(found, tmp_path).exists()
