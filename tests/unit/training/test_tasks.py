"""Tasks: the true genre of a song, and what too few rows cannot teach."""

from dataclasses import replace

import pandas as pd
import pytest

from model.schema import CORE
from tests.unit.training.made_up import BY_LABEL, TASK
from training.errors import TooFewRows
from training.tables import FEEDBACK, NAMES
from training.tasks import TASKS, narrowed_all


@pytest.fixture
def rare(made_up_rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with few electronic songs."""
    electronic = made_up_rows["artist_genre"] == "electronic"
    return made_up_rows[~electronic | (made_up_rows.index < 60)]


@pytest.fixture
def without_artists(made_up_rows: pd.DataFrame) -> pd.DataFrame:
    """Return the dataset as it is without the table of artists."""
    return made_up_rows.assign(artist_genre="", artist_shares=None)


def test_true_genre_is_that_of_the_artist(made_up_rows: pd.DataFrame) -> None:
    made_up_rows.loc[made_up_rows["artist"] == "artist 1", "artist_genre"] = "jazz"
    truth = TASK.truth(made_up_rows)
    known = made_up_rows["artist_genre"].isin(TASK.genres)
    assert (truth[known] == made_up_rows["artist_genre"][known]).all()
    assert set(truth[~known]) == {""}
    assert (truth != made_up_rows["genre"]).any()


def test_without_artists_the_true_genre_is_the_tables_reading(
    without_artists: pd.DataFrame,
) -> None:
    assert not TASK.uses_artists(without_artists)
    assert (TASK.truth(without_artists) == without_artists["genre"]).all()


def test_study_takes_the_reading_of_its_own_tables(made_up_rows: pd.DataFrame) -> None:
    truth = BY_LABEL.truth(made_up_rows)
    own = made_up_rows["table"].isin(BY_LABEL.tables)
    assert (truth[own] == made_up_rows["genre"][own]).all()
    assert set(truth[~own]) == {""}


def test_readings_are_of_the_tasks_tables_and_genres_and_of_the_chat(
    made_up_rows: pd.DataFrame,
) -> None:
    made_up_rows.loc[0, "table"] = FEEDBACK
    some = replace(TASK, genres=("rock", "hip-hop"), tables=("billboard",))
    read = made_up_rows[some.readings(made_up_rows) != ""]
    assert set(read["table"]) == {"billboard", FEEDBACK}
    assert set(read["genre"]) == {"rock", "hip-hop"}
    assert not some.labelled(made_up_rows)[0]


def test_rare_genre_is_named_with_its_counts(rare: pd.DataFrame) -> None:
    with pytest.raises(TooFewRows, match=r"model tiny has too few rows .*: electronic \(\d+, \d\)"):
        TASK.narrowed(rare, strict=True)


def test_rare_genre_is_left_out_if_not_strict(rare: pd.DataFrame) -> None:
    assert TASK.narrowed(rare, strict=False).genres == ("rock", "hip-hop")


def test_single_genre_is_an_error(without_artists: pd.DataFrame) -> None:
    rock = without_artists[without_artists["genre"] == "rock"]
    with pytest.raises(TooFewRows, match=r"hip-hop \(0, 0\), electronic \(0, 0\)"):
        TASK.narrowed(rock, strict=False)


def test_inputs_without_values_are_left_out(made_up_rows: pd.DataFrame) -> None:
    fma = made_up_rows[made_up_rows["table"] == "fma"]
    assert TASK.narrowed(fma, strict=True).features == (*CORE, "year")
    assert TASK.narrowed(made_up_rows, strict=True) == TASK


def test_genres_are_counted_by_the_truth_of_each_task(rare: pd.DataFrame) -> None:
    tasks, messages = narrowed_all([TASK, BY_LABEL], rare)
    assert [task.genres for task in tasks] == [("rock", "hip-hop"), BY_LABEL.genres]
    assert messages == ["tiny: too few rows of electronic: left out"]


def test_all_tables_must_give_all_genres(rare: pd.DataFrame) -> None:
    every = pd.concat([rare.iloc[[0]].assign(table=name) for name in NAMES])
    with pytest.raises(TooFewRows):
        narrowed_all([TASK], pd.concat([rare, every], ignore_index=True))


def test_shipped_tasks_differ_in_what_is_true() -> None:
    assert {task.name: task.by_artist for task in TASKS} == {"wide": True, "study": False}
