"""A synthetic dataset, and small plans to fit models on it."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.schema import CORE, INPUT_NAMES, NAMES
from training.ensemble_training import Plan
from training.identity import fingerprints
from training.network import Settings
from training.split import split
from training.tasks import Task

GENRES = ("rock", "hip-hop", "electronic")
SIZE = 1200
ARTISTS = 200
WRONG_SHARE = 0.15
"""Share of the rows whose label is of another genre than the artist's."""

SETTINGS = Settings((16,), epochs=20, dropout=0.1, batch=32, rate=1e-2)
PLAN = Plan(networks=2, settings=SETTINGS, prior_correction=0.2)
QUICK = replace(PLAN, networks=1, settings=replace(SETTINGS, epochs=4))
"""A plan for tests that do not depend on what is learnt."""

TABLES = ("fma", "billboard", "curated")
TASK = Task("tiny", GENRES, INPUT_NAMES, TABLES, by_artist=True)
STUDY = replace(TASK, name="study")
BY_LABEL = Task("study", GENRES, CORE, ("fma", "billboard"), by_artist=False)


def made_up_dataset() -> pd.DataFrame:
    """Return a dataset of three tables and three genres.

    Each artist has one genre. Its songs differ in danceability (hip-hop), energy (rock) and year
    (electronic); sources know nine of ten artists. The tables' labels are noisy. Curated electronic
    songs are house or techno, which differ in valence.
    """
    rng = np.random.default_rng(3)
    number = rng.integers(0, ARTISTS, SIZE)
    rows = _features(rng)
    genre = np.asarray(GENRES)[rng.integers(0, len(GENRES), ARTISTS)][number]
    rows.loc[genre == "hip-hop", "danceability"] = rng.uniform(0.8, 1, (genre == "hip-hop").sum())
    rows.loc[genre == "rock", "energy"] = rng.uniform(0.8, 1, (genre == "rock").sum())
    rows["year"] = np.where(genre == "electronic", 2000.0, 1980.0) + rng.integers(-15, 15, SIZE)
    rows["table"] = rng.choice(TABLES, SIZE)
    rows.loc[rows["table"] == "fma", [name for name in NAMES if name not in CORE]] = np.nan
    rows.loc[rows["table"] == "billboard", "year"] = np.nan
    rows["artist"] = [f"artist {one}" for one in number]
    rows["title"] = [f"song {one}" for one in range(SIZE)]
    rows["genre"] = np.where(rng.random(SIZE) < WRONG_SHARE, rng.choice(GENRES, SIZE), genre)
    rows["id"], rows["line"], rows["upload"] = [f"id{one}" for one in range(SIZE)], 2, ""
    rows["artist_genre"] = np.where(number % 10 == 0, "", genre)
    shares = [_shares(known, one) for known, one in zip(rows["artist_genre"], number, strict=True)]
    rows["artist_shares"] = pd.Series(shares, dtype=object)
    return _labelled(rows, rng)


def _features(rng: np.random.Generator) -> pd.DataFrame:
    rows = pd.DataFrame(rng.random((SIZE, len(NAMES))), columns=list(NAMES))
    rows["tempo"] = 60 + 120 * rows["tempo"]
    rows["loudness"] *= -20
    rows["key"] = rng.integers(0, 12, SIZE).astype(float)
    rows["mode"] = rng.integers(0, 2, SIZE).astype(float)
    rows["duration_ms"] = 100_000 + 200_000 * rows["duration_ms"]
    return rows


def _shares(genre: str, artist: int) -> dict[str, float] | None:
    """Return what sources say of an artist; they agree clearly on two of three."""
    share = 0.6 if artist % 3 == 0 else 0.9
    return {genre: share, "jazz": round(1 - share, 1)} if genre else None


def _labelled(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the rows with labels, recordings and sides."""
    curated = rows["table"] == "curated"
    rows["collection"] = np.where(curated, rng.choice(["one", "two"], len(rows)), "")
    rows["annotator"] = rows["table"] + np.where(curated, ": " + rows["collection"], "")
    fine: npt.NDArray[np.object_] = np.where(rows["valence"] > 0.5, "house", "techno")
    raw = rows["genre"].mask(curated & (rows["genre"] == "electronic"), fine)
    rows["raw_labels"] = [(one,) for one in raw]
    rows["label"] = rows["annotator"] + ": " + raw
    rows["recording"] = fingerprints(rows)
    rows["side"] = split(rows)
    return rows
