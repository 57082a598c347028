"""Exponents of numbers and sound are learned, and kept if they help."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.genres import WIDE
from model.schema import CORE
from model.sound.fusion import Exponents
from tests.unit.training.made_up import TASK
from training.calibrated_model import CalibratedModel
from training.features import Matrix
from training.identity import lead_artist_key
from training.sound.exponents import Opinions, fit_exponents, learn
from training.sound.numbers import out_of_fold, usable_tables
from training.tasks import Task

GENRES = WIDE[:5]
CLIPS = 300


def opinions(numbers: float, sound: float, seed: int = 0) -> Opinions:
    """Return calibrated, independent opinions; a larger number says more of the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, len(GENRES), CLIPS)

    def said(strength: float) -> list[dict[str, float]]:
        logits = rng.normal(0, 1, (CLIPS, len(GENRES))) * np.sqrt(strength)
        logits[np.arange(CLIPS), truth] += strength
        powers = np.exp(logits)
        shares = powers / powers.sum(axis=1, keepdims=True)
        return [dict(zip(GENRES, row, strict=True)) for row in shares.tolist()]

    artists = np.array([f"artist {number // 3}" for number in range(CLIPS)])
    names = [GENRES[index] for index in truth]
    return Opinions(said(numbers), said(sound), names, artists)


def test_a_sound_that_knows_more_is_counted() -> None:
    learned = learn(opinions(numbers=1.0, sound=2.0))
    assert learned.is_better
    assert learned.log_loss.high < 0
    # Calibrated and independent opinions are multiplied as they are.
    assert learned.exponents.numbers == pytest.approx(1, abs=0.35)
    assert learned.exponents.sound == pytest.approx(1, abs=0.35)
    assert learn(opinions(numbers=1.0, sound=2.0)) == learned


def test_a_sound_that_knows_nothing_is_not_counted() -> None:
    learned = learn(opinions(numbers=2.0, sound=0.0))
    assert not learned.is_better
    noise = opinions(numbers=2.0, sound=1.0)
    shuffled = Opinions(noise.numbers, noise.sound[::-1], noise.truth, noise.artists)
    learned = learn(shuffled)
    assert not learned.is_better
    assert learned.exponents.sound < 0.2


def test_numbers_that_are_not_sure_enough_are_no_merit_of_the_sound() -> None:
    found = opinions(numbers=2.0, sound=1.0)
    shy = [
        {genre: share**0.3 / sum(one**0.3 for one in row.values()) for genre, share in row.items()}
        for row in found.numbers
    ]
    learned = learn(Opinions(shy, found.sound[::-1], found.truth, found.artists))
    assert learned.log_loss.high < 0
    assert learned.exponents.numbers > 2
    assert not learned.is_better


def test_an_opinion_that_is_too_sure_gets_a_small_exponent() -> None:
    found = opinions(numbers=1.0, sound=2.0)
    sure = [
        {genre: share**4 / sum(one**4 for one in row.values()) for genre, share in row.items()}
        for row in found.sound
    ]
    exponents = fit_exponents(Opinions(found.numbers, sure, found.truth, found.artists))
    assert exponents.sound == pytest.approx(0.25, abs=0.1)


def test_the_loss_without_exponents_is_that_of_the_numbers() -> None:
    found = opinions(numbers=1.0, sound=1.0)
    alone = found.losses(Exponents(1.0, 0.0))
    assert np.allclose(found.losses(), alone, atol=1e-3)


class KnowsRows:
    """Says rock of every song; stands for a model that was fitted on `rows`."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.asked: list[float] = []

    def probabilities(self, values: Matrix) -> Matrix:
        self.asked += values[:, 0].tolist()
        return np.array([[0.8, 0.1, 0.1]] * len(values), np.float32)


def test_numbers_are_fitted_without_the_clips_artists_and_recordings(made_up: pd.DataFrame) -> None:
    clips = made_up.drop_duplicates("artist").head(60).reset_index(drop=True)
    artists = clips["artist"].map(lead_artist_key).to_numpy(dtype=str)
    artists[:10] = [f"another name {number}" for number in range(10)]
    clips[CORE[0]] = np.where(clips.index < 10, clips[CORE[0]], clips.index / 100)
    features = [
        {name: float(row[name]) for name in CORE} for row in clips.to_dict(orient="records")
    ]
    models: list[KnowsRows] = []

    def fit(rows: pd.DataFrame, task: Task, title: str) -> CalibratedModel:
        assert (task, "numbers" in title) == (TASK, True)
        models.append(KnowsRows(rows))
        return models[-1]  # type: ignore[return-value]

    found = list(out_of_fold(made_up, TASK, features, artists, fit))
    assert len(found) == len(clips)
    assert found[0] == pytest.approx(dict(zip(TASK.genres, (0.8, 0.1, 0.1), strict=True)))
    assert sorted(one for model in models for one in model.asked) == pytest.approx(
        sorted(clips[CORE[0]])
    )
    for model in models:
        own = np.isclose(clips[[CORE[0]]], np.array(model.asked)[None, :], atol=1e-6).any(axis=1)
        known = set(model.rows["artist"].map(lead_artist_key))
        assert not known & set(artists[own])
        assert not set(model.rows["recording"]) & set(clips["recording"][own & (clips.index < 10)])
        assert known & set(artists[~own])
        assert len(model.rows) > len(made_up) / 2


def test_tables_that_are_there_are_used(data: Path) -> None:
    (data / "extra" / "classic_hits.csv").unlink()
    found = usable_tables(data)
    assert "fma" in found
    assert "artist_genres" in found
    assert "classic_hits" not in found
    for table in ("fma_metadata/tracks.csv", "tidytuesday/2021-09-14/audio_features.csv"):
        (data / table).unlink()
    assert "fma" not in usable_tables(data)
    assert usable_tables(data / "empty") == ()
