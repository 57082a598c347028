"""Slices of the test split."""

import pandas as pd

from model.metrics import Slice
from tests.unit.training.made_up import BY_LABEL, TASK
from training.evaluation import clear, truth_rows
from training.names import SLICE_NAMES
from training.slices import slices
from training.split import Side


def test_slices_by_artist(made_up: pd.DataFrame) -> None:
    found = dict(slices(made_up, TASK))
    assert list(found) == [Slice.ALL, Slice.CLEAR, Slice.POPULAR, Slice.TABLE_LABELS]
    tested = found[Slice.ALL]
    assert tested.equals(truth_rows(made_up, TASK))
    assert found[Slice.CLEAR].equals(tested[clear(tested)])
    assert set(found[Slice.POPULAR]["table"]) == {"billboard"}
    assert 0 < len(found[Slice.CLEAR]) < len(tested)


def test_truth_of_the_tables_labels_is_the_label(made_up: pd.DataFrame) -> None:
    own = dict(slices(made_up, TASK))[Slice.TABLE_LABELS]
    assert (own["truth"] == own["genre"]).all()
    assert (own["truth"] != own["artist_genre"]).any()


def test_task_by_label_has_one_slice(made_up: pd.DataFrame) -> None:
    ((name, tested),) = slices(made_up, BY_LABEL)
    assert name is Slice.ALL
    assert (tested["truth"] == tested["genre"]).all()


def test_empty_slices_are_left_out(made_up: pd.DataFrame) -> None:
    fma = made_up[made_up["table"] == "fma"]
    assert Slice.POPULAR not in dict(slices(fma, TASK))


def test_slices_are_of_the_test_side(made_up: pd.DataFrame) -> None:
    for _, tested in slices(made_up, TASK):
        assert set(tested["side"]) == {Side.TEST}


def test_every_slice_has_a_name() -> None:
    assert set(SLICE_NAMES) == set(Slice)
