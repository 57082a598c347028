import pandas as pd
import pytest

from model.schema import CORE, NAMES
from training.errors import TooFewRows
from training.tasks import Task

TASK = Task("tiny", ("rock", "hip-hop", "electronic"), NAMES, ("fma", "billboard"))


@pytest.fixture
def rare(made_up_rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with hardly any electronic."""
    return made_up_rows[(made_up_rows["genre"] != "electronic") | (made_up_rows.index < 60)]


def test_a_genre_with_too_few_rows_is_named_with_its_counts(rare: pd.DataFrame) -> None:
    with pytest.raises(TooFewRows, match=r"model tiny has too few rows .*: electronic \(\d+, \d\)"):
        TASK.narrowed(rare, strict=True)


def test_where_tables_were_chosen_it_is_left_out(rare: pd.DataFrame) -> None:
    assert TASK.narrowed(rare, strict=False).genres == ("rock", "hip-hop")


def test_one_genre_is_nothing_to_tell_apart(made_up_rows: pd.DataFrame) -> None:
    rock = made_up_rows[made_up_rows["genre"] == "rock"]
    with pytest.raises(TooFewRows, match=r"hip-hop \(0, 0\), electronic \(0, 0\)"):
        TASK.narrowed(rock, strict=False)


def test_features_that_no_row_has_are_left_out(made_up_rows: pd.DataFrame) -> None:
    fma = made_up_rows[made_up_rows["table"] == "fma"]
    assert TASK.narrowed(fma, strict=True).features == CORE
    assert TASK.narrowed(made_up_rows, strict=True) == TASK


def test_other_tables_and_genres_do_not_count_as_answers(made_up_rows: pd.DataFrame) -> None:
    billboard = Task("tiny", ("rock", "hip-hop"), NAMES, ("billboard",))
    counted = made_up_rows[billboard.labelled(made_up_rows)]
    assert set(counted["table"]) == {"billboard"}
    assert set(counted["genre"]) == {"rock", "hip-hop"}
