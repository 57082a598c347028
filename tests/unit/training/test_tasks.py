import pandas as pd
import pytest

from model.schema import CORE, NAMES
from training.errors import TooFewRows
from training.tasks import Task

TASK = Task("tiny", ("rock", "hip-hop", "electronic"), NAMES, ("fma", "billboard"))


@pytest.fixture
def rare(made_up_rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with few electronic songs."""
    return made_up_rows[(made_up_rows["genre"] != "electronic") | (made_up_rows.index < 60)]


def test_rare_genre_is_named_with_its_counts(rare: pd.DataFrame) -> None:
    with pytest.raises(TooFewRows, match=r"model tiny has too few rows .*: electronic \(\d+, \d\)"):
        TASK.narrowed(rare, strict=True)


def test_rare_genre_is_left_out_if_not_strict(rare: pd.DataFrame) -> None:
    assert TASK.narrowed(rare, strict=False).genres == ("rock", "hip-hop")


def test_single_genre_is_an_error(made_up_rows: pd.DataFrame) -> None:
    rock = made_up_rows[made_up_rows["genre"] == "rock"]
    with pytest.raises(TooFewRows, match=r"hip-hop \(0, 0\), electronic \(0, 0\)"):
        TASK.narrowed(rock, strict=False)


def test_features_without_values_are_left_out(made_up_rows: pd.DataFrame) -> None:
    fma = made_up_rows[made_up_rows["table"] == "fma"]
    assert TASK.narrowed(fma, strict=True).features == CORE
    assert TASK.narrowed(made_up_rows, strict=True) == TASK


def test_rows_of_other_tables_and_genres_are_not_labelled(made_up_rows: pd.DataFrame) -> None:
    billboard = Task("tiny", ("rock", "hip-hop"), NAMES, ("billboard",))
    counted = made_up_rows[billboard.labelled(made_up_rows)]
    assert set(counted["table"]) == {"billboard"}
    assert set(counted["genre"]) == {"rock", "hip-hop"}
