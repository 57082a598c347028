from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.schema import EXTRA, NAMES
from training.identity import fingerprints
from training.split import split
from training.study.eval_sets import EvalSet, one_per_genre
from training.study.job_cache import JobCache
from training.study.robustness import absence, label_rules
from training.study.robustness.left_out_tables import tables_left_out
from training.study.robustness.open_data import open_task
from training.study.robustness.splits import ARTISTS, ROWS, divided, splits
from training.study.scale import Size
from training.study.workspace import Workspace, workspace

RECORDINGS = pd.DataFrame(
    [
        ("billboard", "A", "one", "rock"),
        ("playlists", "A", "One - Remastered", "rock"),
        ("classic_hits", "a", "One", "pop"),
        ("billboard", "B", "Two", "rock"),
        ("classic_hits", "B", "Two", "pop"),
        ("playlists", "C", "Three", "latin"),
        ("playlists", "C", "Three", "latin"),
        ("music_genre", "", "", "jazz"),
    ],
    columns=["table", "artist", "title", "genre"],
)
COLUMN = {name: place for place, name in enumerate(NAMES)}
for NAME in NAMES:
    RECORDINGS[NAME] = [0.1, 0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.4]
RECORDINGS["recording"] = fingerprints(RECORDINGS)


def left(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return sorted(zip(rows["title"].str[:3].str.casefold(), rows["genre"], strict=True))


def test_in_use_a_recording_counts_once_for_each_genre() -> None:
    assert left(one_per_genre(RECORDINGS)) == [
        ("", "jazz"),
        ("one", "pop"),
        ("one", "rock"),
        ("thr", "latin"),
        ("two", "pop"),
        ("two", "rock"),
    ]


def test_undisputed_leaves_out_recordings_with_two_genres() -> None:
    assert left(label_rules.undisputed(RECORDINGS)) == [("", "jazz"), ("thr", "latin")]


def test_the_majority_decides_and_ties_are_left_out() -> None:
    assert left(label_rules.majority(RECORDINGS)) == [
        ("", "jazz"),
        ("one", "rock"),
        ("thr", "latin"),
    ]


def test_agreement_counts_recordings_in_both_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_rules, "FEWEST", 1)
    found = {
        (one.first, one.second): (one.recordings, one.share)
        for one in label_rules.agreement(RECORDINGS)
    }
    assert found == {
        ("billboard", "classic_hits"): (2, 0.0),
        ("billboard", "playlists"): (1, 1.0),
        ("classic_hits", "playlists"): (1, 0.0),
    }


def test_the_most_trusted_table_decides_where_tables_disagree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(label_rules, "FEWEST", 1)
    assert left(label_rules.most_trusted(RECORDINGS)) == [
        ("", "jazz"),
        ("one", "rock"),
        ("thr", "latin"),
        ("two", "rock"),
    ]


def test_a_split_at_random_tests_as_many_songs_and_knows_their_artists(
    study_bench: Workspace, tmp_path: Path
) -> None:
    ways = divided(study_bench)
    shared = {
        name: len(set(train["artist"]) & set(test["artist"]))
        for name, (train, test) in ways.items()
    }
    assert shared[ARTISTS] == 0 < shared[ROWS]
    sizes = [len(test) for _, test in ways.values()]
    assert max(sizes) - min(sizes) < 0.15 * max(sizes)
    assert len(splits(JobCache(tmp_path, 1), study_bench)) == 2 * len(ways)


def test_songs_with_a_named_artist_are_asked_apart_where_others_have_none(
    made_up_rows: pd.DataFrame, tiny: Size, study_bench: Workspace, tmp_path: Path
) -> None:
    made_up_rows.loc[::3, "artist"] = ""
    made_up_rows["side"] = split(made_up_rows)
    some = workspace(made_up_rows, study_bench.task, tiny, seed=0)
    found = {one.condition: one.figures.rows for one in splits(JobCache(tmp_path, 1), some)}
    named = "by artist, tested on songs with a named artist"
    assert found[named] == (some.test["artist"] != "").sum() < found["by artist"]


def lacks(exam: EvalSet) -> set[str]:
    """Return the features that some song lacks."""
    return {name for name, place in COLUMN.items() if np.isnan(exam.values[:, place]).any()}


def test_filled_exams_lack_nothing_but_what_their_pattern_hides(wide_bench: Workspace) -> None:
    exams = absence.exams(wide_bench)
    lacking = {name: lacks(exam) for name, exam in exams.items()}
    assert lacking["all"] == set()
    assert lacking["core only"] == set(EXTRA)
    assert lacking[absence.AS_THEY_ARE]
    for exam in exams.values():
        assert np.array_equal(exam.truth, exams["all"].truth)


def test_a_table_left_out_is_tested_on_its_own_songs(wide_bench: Workspace, tmp_path: Path) -> None:
    rows = tables_left_out(JobCache(tmp_path, 1), wide_bench)
    assert [row.table for row in rows] == ["fma", "billboard"]
    for row in rows:
        own = wide_bench.test["table"] == row.table
        assert row.ours.rows == row.recipe.rows == row.recipe_at_home.rows == own.sum()


def test_open_data_alone_is_fma_alone(wide_bench: Workspace) -> None:
    task = open_task(wide_bench)
    assert task is not None
    assert task.tables == ("fma",)
    assert not set(task.features) & set(EXTRA)
