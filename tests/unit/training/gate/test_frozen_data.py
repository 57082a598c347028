"""Frozen data from built-in songs, corrections, tables and FMA."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from model.schema import CORE, INPUT_NAMES
from tests.support.contenders import labels, world
from tests.unit.training.made_up import TASK
from training.evaluation import truth_rows
from training.features import Matrix
from training.gate import frozen_data


def test_built_in_songs_have_names_genres_and_years() -> None:
    found = frozen_data.songs()
    assert found
    assert found.kind == "songs"
    assert found.values.shape == (len(found.songs), len(INPUT_NAMES))
    index = found.songs.index("Heroes - 2017 Remaster — David Bowie")
    assert (found.truth[index], found.artists[index]) == ("rock", "david bowie")
    assert found.values[index, INPUT_NAMES.index("year")] == 1977


def test_corrections_without_an_artist_are_artists_of_their_own() -> None:
    first, second, *_ = labels(world(8))
    unknown = [replace(first, artists=(), title=""), replace(second, artists=())]
    found = frozen_data.corrections(unknown)
    assert found
    assert len(set(found.artists)) == 2
    assert found.songs == (first.track, second.title)
    assert found.truth == (first.genre, second.genre)


def test_artists_are_those_that_a_credit_names_first() -> None:
    first, second, *_ = labels(world(8))
    two = [replace(first, artists=("The Band & Guest",)), replace(second, artists=("Band",))]
    found = frozen_data.corrections(two)
    assert found
    assert found.artists == ("band", "band")


def test_songs_without_enough_core_features_are_left_out() -> None:
    few = dict.fromkeys(CORE[:3], 0.5) | {"loudness": -5.0}
    enough = dict.fromkeys(CORE[:4], 0.5)
    first, second, *_ = labels(world(8))
    found = frozen_data.corrections(
        [replace(first, features=few), replace(second, features=enough)]
    )
    assert found
    assert found.songs == (frozen_data.name_of(second),)
    assert frozen_data.corrections([replace(first, features=few)]) is None
    assert frozen_data.corrections([]) is None


def test_tables_are_their_test_split(made_up: pd.DataFrame) -> None:
    found = frozen_data.tables(made_up, TASK)
    assert found
    rows = truth_rows(made_up, TASK)
    assert found.kind == "tables"
    assert found.truth == tuple(rows["truth"])
    assert found.songs[0] == f"{rows['title'].iloc[0]} — {rows['artist'].iloc[0]}"
    assert np.array_equal(
        found.values, rows[list(INPUT_NAMES)].to_numpy(np.float32), equal_nan=True
    )
    assert not set(found.artists) & set(made_up.loc[made_up["side"] == "train", "artist"])


def test_fma_is_there_if_it_was_fetched(tables: Path, tmp_path: Path) -> None:
    assert frozen_data.fma(tmp_path) is None
    found = frozen_data.fma(tables)
    assert found
    assert found.kind == "fma"
    assert len(found.truth) > 900
    assert {"rock", "hip-hop", "electronic"} < set(found.truth)


def test_songs_are_drawn_alike_each_time_and_evenly() -> None:
    def draw(genre: str, songs: int, rng: np.random.Generator) -> Matrix:
        values = rng.random((songs, len(INPUT_NAMES)), dtype=np.float32)
        values[:, 0] = genre == "rock"
        return values

    found, again = (frozen_data.drawn(("rock", "jazz"), draw, 3) for _ in range(2))
    assert found
    assert again
    assert found.truth == ("rock",) * 3 + ("jazz",) * 3
    assert found.values[:, 0].tolist() == [1, 1, 1, 0, 0, 0]
    assert np.array_equal(found.values, again.values)
    assert len(set(found.artists)) == 6


def test_drawn_songs_lack_what_corrections_lack() -> None:
    drawn = world(400, "drawn", year=2000)
    every = [replace(one, features=dict.fromkeys(INPUT_NAMES, 0.5)) for one in labels(world(5))]
    assert frozen_data.alike(drawn, every) is None
    every[0] = replace(every[0], features={**every[0].features, "year": math.nan})
    found = frozen_data.alike(drawn, every)
    assert found
    assert (found.kind, found.truth, found.songs) == ("drawn_alike", drawn.truth, drawn.songs)
    year = INPUT_NAMES.index("year")
    assert 0.1 < np.isnan(found.values[:, year]).mean() < 0.3  # one of five corrections
    rest, before = (np.delete(one.values, year, axis=1) for one in (found, drawn))
    assert np.array_equal(rest, before, equal_nan=True)
    assert not np.isnan(drawn.values[:, year]).any()


def test_songs_by_artists_who_are_trained_on_are_left_out() -> None:
    data = world(40)
    trained = [replace(label, track="another song") for label in labels(data)[:1]]
    found = frozen_data.unseen(data, trained)
    assert found
    assert set(data.artists) - set(found.artists) == {data.artists[0]}
    assert frozen_data.unseen(data, labels(data)) is None
