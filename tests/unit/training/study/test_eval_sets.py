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


def test_no_artist_is_in_two_folds(study_workspace: Workspace) -> None:
    by_artist = study_workspace.fold.groupby(
        study_workspace.train["artist"].map(artist_key)
    ).nunique()
    assert by_artist.max() == 1


def test_each_labelled_row_has_a_fold_and_folds_are_stratified_by_genre(
    study_workspace: Workspace,
) -> None:
    assert set(study_workspace.samples.fold) == set(range(study_workspace.size.folds))
    shares = pd.crosstab(
        study_workspace.samples.fold, study_workspace.samples.truth, normalize="index"
    )
    assert (shares.max() - shares.min()).max() < 0.15


def test_artist_without_a_label_is_in_no_fold(made_up_rows: pd.DataFrame, tiny: Size) -> None:
    first = made_up_rows["artist"].iloc[0]
    made_up_rows.loc[made_up_rows["artist"] == first, "genre"] = ""
    fold = folds(made_up_rows, TASKS[1], tiny.folds, seed=0)
    assert set(fold[made_up_rows["artist"] == first]) == {NO_FOLD}


def test_reduced_run_trains_on_fewer_artists_and_tests_on_all(
    made_up_rows: pd.DataFrame, tiny: Size
) -> None:
    small = reduced(made_up_rows, replace(tiny, artist_share=0.4))
    counts = [rows["side"].value_counts() for rows in (made_up_rows, small)]
    assert counts[1][Side.TEST] == counts[0][Side.TEST]
    assert 0.2 < counts[1][Side.TRAIN] / counts[0][Side.TRAIN] < 0.6
    train = [set(rows.loc[rows["side"] == Side.TRAIN, "artist"]) for rows in (made_up_rows, small)]
    assert len(train[1]) < 0.6 * len(train[0])


def test_test_artists_are_not_in_training(study_workspace: Workspace) -> None:
    tested = set(study_workspace.test["artist"].map(artist_key))
    assert not tested & set(study_workspace.labelled_train["artist"].map(artist_key))


def test_core_only_hides_the_extra_features(study_workspace: Workspace) -> None:
    core = study_workspace.samples.eval_set().core_only()
    extras = [NAMES.index(name) for name in EXTRA]
    assert np.isnan(np.take(core.values, extras, axis=1)).all()


def test_fits_on_folds_use_about_the_requested_number_of_rows(study_workspace: Workspace) -> None:
    task, fold = study_workspace.task, study_workspace.samples.fold
    requested = 200
    some = samples(study_workspace.labelled_train, task.genres, fold, requested, seed=0)
    counts = [int((some.fold_train_mask & (fold != one)).sum()) for one in set(fold)]
    assert all(abs(count - requested) < 40 for count in counts)
