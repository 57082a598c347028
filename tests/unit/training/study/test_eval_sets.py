from dataclasses import replace

import numpy as np
import pandas as pd

from model.schema import EXTRA, NAMES
from training.identity import artist_key
from training.split import Side
from training.study.eval_sets import NO_FOLD, folds, reduced, samples
from training.study.scale import Size
from training.study.workspace import Workspace
from training.tasks import TASKS


def test_no_artist_spans_two_folds(study_bench: Workspace) -> None:
    by_artist = study_bench.fold.groupby(study_bench.train["artist"].map(artist_key)).nunique()
    assert by_artist.max() == 1


def test_each_labelled_row_is_tested_in_one_fold_and_genres_are_spread(
    study_bench: Workspace,
) -> None:
    assert set(study_bench.samples.fold) == set(range(study_bench.size.folds))
    shares = pd.crosstab(study_bench.samples.fold, study_bench.samples.truth, normalize="index")
    assert (shares.max() - shares.min()).max() < 0.15


def test_an_artist_without_a_label_is_in_no_fold(made_up_rows: pd.DataFrame, tiny: Size) -> None:
    first = made_up_rows["artist"].iloc[0]
    made_up_rows.loc[made_up_rows["artist"] == first, "genre"] = ""
    fold = folds(made_up_rows, TASKS[1], tiny.folds, seed=0)
    assert set(fold[made_up_rows["artist"] == first]) == {NO_FOLD}


def test_a_smaller_run_learns_from_fewer_artists_and_tests_on_all(
    made_up_rows: pd.DataFrame, tiny: Size
) -> None:
    small = reduced(made_up_rows, replace(tiny, artists=0.4))
    counts = [rows["side"].value_counts() for rows in (made_up_rows, small)]
    assert counts[1][Side.TEST] == counts[0][Side.TEST]
    assert 0.2 < counts[1][Side.TRAIN] / counts[0][Side.TRAIN] < 0.6
    train = [set(rows.loc[rows["side"] == Side.TRAIN, "artist"]) for rows in (made_up_rows, small)]
    assert len(train[1]) < 0.6 * len(train[0])


def test_the_test_side_is_no_sample_and_core_only_hides_the_extras(study_bench: Workspace) -> None:
    tested = set(study_bench.test["artist"].map(artist_key))
    assert not tested & set(study_bench.taught["artist"].map(artist_key))
    asked = study_bench.samples.eval_set().core_only()
    extras = [NAMES.index(name) for name in EXTRA]
    assert np.isnan(np.take(asked.values, extras, axis=1)).all()


def test_fits_on_folds_learn_from_about_as_many_rows_as_wanted(study_bench: Workspace) -> None:
    task, fold = study_bench.task, study_bench.samples.fold
    wanted = 200
    some = samples(study_bench.taught, task.genres, fold, wanted, seed=0)
    learnt = [int((some.learnt & (fold != one)).sum()) for one in set(fold)]
    assert all(abs(count - wanted) < 40 for count in learnt)
