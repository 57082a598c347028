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
from training.study.workspace import Workspace, build_workspace

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


def titles_and_genres(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return sorted(zip(rows["title"].str[:3].str.casefold(), rows["genre"], strict=True))


def test_rule_in_use_selects_a_recording_once_for_each_genre() -> None:
    assert titles_and_genres(one_per_genre(RECORDINGS)) == [
        ("", "jazz"),
        ("one", "pop"),
        ("one", "rock"),
        ("thr", "latin"),
        ("two", "pop"),
        ("two", "rock"),
    ]


def test_unanimous_leaves_out_recordings_with_two_genres() -> None:
    assert titles_and_genres(label_rules.unanimous(RECORDINGS)) == [("", "jazz"), ("thr", "latin")]


def test_majority_selects_the_most_frequent_genre_and_leaves_out_ties() -> None:
    assert titles_and_genres(label_rules.majority(RECORDINGS)) == [
        ("", "jazz"),
        ("one", "rock"),
        ("thr", "latin"),
    ]


def test_agreement_counts_recordings_in_both_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_rules, "MIN_RECORDINGS", 1)
    found = {
        (one.first, one.second): (one.recordings, one.share)
        for one in label_rules.agreement(RECORDINGS)
    }
    assert found == {
        ("billboard", "classic_hits"): (2, 0.0),
        ("billboard", "playlists"): (1, 1.0),
        ("classic_hits", "playlists"): (1, 0.0),
    }


def test_most_consistent_table_decides_where_tables_disagree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(label_rules, "MIN_RECORDINGS", 1)
    assert titles_and_genres(label_rules.most_consistent(RECORDINGS)) == [
        ("", "jazz"),
        ("one", "rock"),
        ("thr", "latin"),
        ("two", "rock"),
    ]


def test_random_split_has_the_same_test_size_and_shares_artists(
    study_workspace: Workspace, tmp_path: Path
) -> None:
    ways = divided(study_workspace)
    shared = {
        name: len(set(train["artist"]) & set(test["artist"]))
        for name, (train, test) in ways.items()
    }
    assert shared[ARTISTS] == 0 < shared[ROWS]
    sizes = [len(test) for _, test in ways.values()]
    assert max(sizes) - min(sizes) < 0.15 * max(sizes)
    assert len(splits(JobCache(tmp_path, 1), study_workspace)) == 2 * len(ways)


def test_songs_with_a_named_artist_are_measured_separately(
    made_up_rows: pd.DataFrame, tiny: Size, study_workspace: Workspace, tmp_path: Path
) -> None:
    made_up_rows.loc[::3, "artist"] = ""
    made_up_rows["side"] = split(made_up_rows)
    some = build_workspace(made_up_rows, study_workspace.task, tiny, seed=0)
    found = {one.condition: one.figures.rows for one in splits(JobCache(tmp_path, 1), some)}
    named = "by artist, tested on songs with a named artist"
    assert found[named] == (some.test["artist"] != "").sum() < found["by artist"]


def missing_features(eval_set: EvalSet) -> set[str]:
    """Return the features that at least one song lacks."""
    return {name for name, place in COLUMN.items() if np.isnan(eval_set.values[:, place]).any()}


def test_filled_eval_sets_lack_only_the_features_of_their_pattern(
    wide_workspace: Workspace,
) -> None:
    eval_sets = absence.eval_sets(wide_workspace)
    lacking = {name: missing_features(eval_set) for name, eval_set in eval_sets.items()}
    assert lacking["all"] == set()
    assert lacking["core only"] == set(EXTRA)
    assert lacking[absence.UNMODIFIED]
    for eval_set in eval_sets.values():
        assert np.array_equal(eval_set.truth, eval_sets["all"].truth)


def test_left_out_table_is_tested_on_its_own_songs(
    wide_workspace: Workspace, tmp_path: Path
) -> None:
    rows = tables_left_out(JobCache(tmp_path, 1), wide_workspace)
    assert [row.table for row in rows] == ["fma", "billboard"]
    for row in rows:
        own = wide_workspace.test["table"] == row.table
        assert row.shipped.rows == row.baseline.rows == row.baseline_all_tables.rows == own.sum()


def test_open_task_uses_only_fma(wide_workspace: Workspace) -> None:
    task = open_task(wide_workspace)
    assert task is not None
    assert task.tables == ("fma",)
    assert not set(task.features) & set(EXTRA)
