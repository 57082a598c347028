"""Songs drawn from feature distributions are like those of the tables."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.bundle import REHEARSAL
from model.errors import BundleInvalid
from model.schema import BY_NAME, INPUT_NAMES
from model.store import SHIPPED, BundleStore
from tests.unit.training.made_up import BY_LABEL, GENRES, TASK
from training.errors import CannotRetrain
from training.features import Matrix, matrix
from training.retrain import rehearsal
from training.retrain.rehearsal import Rehearsal

DANCEABILITY, ENERGY, VALENCE = (
    INPUT_NAMES.index(name) for name in ("danceability", "energy", "valence")
)


@pytest.fixture(scope="module")
def fitted(made_up: pd.DataFrame) -> Rehearsal:
    return Rehearsal.fit(made_up, TASK)


def drawn(fitted: Rehearsal, songs: int = 3000, seed: int = 0) -> Matrix:
    return fitted.sample(songs, np.random.default_rng(seed))


def test_drawn_songs_have_the_means_of_their_genre(
    fitted: Rehearsal, made_up: pd.DataFrame
) -> None:
    for genre in GENRES:
        own = matrix(made_up[made_up["artist_genre"] == genre])
        found = fitted.of_genre(genre, 2000, np.random.default_rng(0))
        spread = np.nanstd(own, axis=0)
        assert (np.abs(np.nanmean(own, axis=0) - found.mean(axis=0)) < 0.2 * spread + 1e-6).all()


def test_drawn_songs_are_correlated_like_those_of_the_tables(made_up_rows: pd.DataFrame) -> None:
    made_up_rows["valence"] = 1 - made_up_rows["energy"]
    songs = drawn(Rehearsal.fit(made_up_rows, TASK))
    correlation = np.corrcoef(songs[:, ENERGY], songs[:, VALENCE])[0, 1]
    assert correlation < -0.95


def test_values_are_in_the_ranges_of_the_inputs(fitted: Rehearsal) -> None:
    songs = drawn(fitted)
    for column, name in enumerate(INPUT_NAMES):
        feature = BY_NAME[name]
        assert (songs[:, column] >= feature.low).all()
        assert (songs[:, column] <= feature.high).all()
        if feature.whole:
            assert (songs[:, column] == np.round(songs[:, column])).all()


def test_genres_are_drawn_by_their_shares(fitted: Rehearsal) -> None:
    alone = replace(fitted, shares=np.array([0, 1, 0], np.float32))
    assert np.median(drawn(alone)[:, DANCEABILITY]) > 0.85
    assert np.median(drawn(fitted)[:, DANCEABILITY]) < 0.8


def test_inputs_that_a_model_does_not_take_are_missing(made_up: pd.DataFrame) -> None:
    songs = drawn(Rehearsal.fit(made_up, BY_LABEL), songs=10)
    known = ~np.isnan(songs)
    assert known[0].tolist() == [name in BY_LABEL.features for name in INPUT_NAMES]
    assert (known == known[0]).all()


def test_genre_without_songs_is_never_drawn(made_up: pd.DataFrame) -> None:
    rows = made_up[made_up["artist_genre"] == "rock"]
    songs = drawn(Rehearsal.fit(rows, TASK), songs=200)
    assert not np.isnan(songs).any()
    assert songs[:, ENERGY].min() >= 0.75


def test_file_holds_the_distributions(fitted: Rehearsal) -> None:
    content = fitted.to_bytes()
    assert fitted.to_bytes() == content
    found = Rehearsal.from_bytes(content)
    assert found.to_bytes() == content
    assert np.array_equal(drawn(found, 50), drawn(fitted, 50))


def test_seed_decides_which_songs_are_drawn(fitted: Rehearsal) -> None:
    assert np.array_equal(drawn(fitted, 50, seed=1), drawn(fitted, 50, seed=1))
    assert not np.array_equal(drawn(fitted, 50, seed=1), drawn(fitted, 50, seed=2))


@given(st.binary(max_size=64))
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(CannotRetrain, match=REHEARSAL):
        Rehearsal.from_bytes(content)


def packed(**arrays: object) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # any arrays, as a forger's
    return file.getvalue()


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ({"shares": np.array([0, 0, 0])}, "shares"),
        ({"shares": np.array([np.nan, 1, 1])}, "shares"),
        ({"quantiles": np.zeros((1, 2))}, "quantiles"),
        ({"correlations": np.full((3, 13, 13), np.inf)}, "correlations"),
        ({"features": np.array(["a"] * 13)}, "not known"),
        ({"features": np.array([{}], object)}, "Object arrays"),
        ({"quantiles": np.zeros((3, 13, 100_000))}, "more than"),
    ],
)
def test_invalid_distributions_are_refused(
    fitted: Rehearsal, damage: dict[str, object], problem: str
) -> None:
    arrays = dict(np.load(io.BytesIO(fitted.to_bytes())))
    with pytest.raises(CannotRetrain, match=problem):
        Rehearsal.from_bytes(packed(**(arrays | damage)))


@pytest.mark.parametrize("name", ["wide", "study"])
def test_shipped_bundles_have_distributions(name: str) -> None:
    bundle = BundleStore().load(name)
    folder = SHIPPED / name / bundle.metadata.version
    found = rehearsal.read(folder, bundle.metadata)
    assert (found.features, found.genres) == (bundle.metadata.features, bundle.metadata.genres)
    assert (folder / REHEARSAL).stat().st_size < rehearsal.MAX_BYTES
    assert (found.shares > 0).all()


def test_bundle_without_distributions_needs_the_tables(tmp_path: Path) -> None:
    metadata = replace(BundleStore().load("study").metadata, files={})
    with pytest.raises(CannotRetrain, match="--data"):
        rehearsal.read(tmp_path, metadata)


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    metadata = BundleStore().load("study").metadata
    (tmp_path / REHEARSAL).write_bytes(b"changed")
    with pytest.raises(BundleInvalid, match="damaged"):
        rehearsal.read(tmp_path, metadata)
