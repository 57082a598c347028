"""Makes frozen data from the built-in songs, from corrections, and from tables.

Songs with fewer core features than a prediction needs are left out: no model answers for them.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from model.schema import CORE, INPUT_NAMES, MINIMUM_CORE, YEAR
from training.dataset import load_dataset
from training.embedded_songs import EMBEDDED_SONGS
from training.evaluation import artists_of, labelled_rows, truth_rows
from training.features import Matrix, matrix
from training.feedback.votes import AgreedLabel
from training.gate.frozen import FrozenData, FrozenKind
from training.identity import lead_artist_key
from training.tables import ORIGINS
from training.tasks import TASKS, Task

FMA: Final = "fma"

DRAWN_EACH: Final = 1000
"""Number of songs that are drawn of each genre.

The noise in the difference of two models' F1 of a genre is then about half a point (standard
deviation), so that a loss of 2 points stands out.
"""

DRAWN_SEED: Final = 17_000_017
"""Seed of the drawn songs, which no training has."""

Draw = Callable[[str, int, np.random.Generator], Matrix]
"""Draws a number of songs of a genre."""


def songs(path: Path = EMBEDDED_SONGS) -> FrozenData | None:
    """Return the built-in songs with their genres; None if there are none."""
    content = json.loads(path.read_text(encoding="utf-8"))["songs"]
    years = [{YEAR.name: one["year"]} if one["year"] else {} for one in content]
    values = [one["features"] | year for one, year in zip(content, years, strict=True)]
    return _usable(
        FrozenData(
            kind="songs",
            values=_matrix(values),
            truth=tuple(one["genre"] for one in content),
            artists=tuple(lead_artist_key(one["artists"][0]) for one in content),
            songs=tuple(song_name(one["title"], one["artists"]) for one in content),
        )
    )


def corrections(labels: Sequence[AgreedLabel]) -> FrozenData | None:
    """Return the songs of corrections; None if there are none."""
    return _usable(
        FrozenData(
            kind="corrections",
            values=values_of(labels),
            truth=tuple(label.genre for label in labels),
            artists=tuple(
                lead_artist_key(label.artists[0]) if label.artists else f"track {label.track}"
                for label in labels
            ),
            songs=tuple(name_of(label) for label in labels),
        )
    )


def tables(rows: pd.DataFrame, task: Task) -> FrozenData | None:
    """Return the test split of a dataset, with a task's true genres; None if it is empty."""
    return _of_rows("tables", truth_rows(rows, task))


def fma(folder: Path) -> FrozenData | None:
    """Return the test split of the Free Music Archive; None if it is not in `folder`.

    The true genres are FMA's own. Raises TableError if its files cannot be read.
    """
    if not all((folder / file).is_file() for file in ORIGINS[FMA].files):
        return None
    wide = next(task for task in TASKS if task.by_artist)
    return _of_rows(FMA, labelled_rows(load_dataset(folder, (FMA,)), wide))


def drawn(genres: Sequence[str], draw: Draw, songs_each: int = DRAWN_EACH) -> FrozenData | None:
    """Return songs drawn from the feature distributions by genre that a bundle carries.

    They show whether a candidate forgets a genre, where there are no tables. The draws are always
    the same; training draws others. A genre of which the bundle knows no song has none.

    Args:
        genres: The genres.
        draw: Draws a number of songs of a genre, float32 [songs, inputs] in schema order.
        songs_each: Number of songs of each genre.
    """
    rng = np.random.default_rng(DRAWN_SEED)
    values = [draw(genre, songs_each, rng) for genre in genres]
    names = tuple(f"{genre} {number}" for genre in genres for number in range(songs_each))
    truth = tuple(genre for genre in genres for _ in range(songs_each))
    return _usable(FrozenData("drawn", np.concatenate(values), truth, names, names))


def alike(drawn: FrozenData, labels: Sequence[AgreedLabel]) -> FrozenData | None:
    """Return drawn songs with the inputs alone that corrections have; None if these have all.

    Each song lacks the inputs that one of the corrections lacks, by chance. What is learnt from
    songs without a year, say, changes the answers to songs without a year most: with 1,500 hostile
    votes for rock on metal songs without a year, the F1 of metal fell by 33 points on drawn songs
    without it, and by 1 point on those with it.

    Args:
        drawn: The songs.
        labels: The corrections.
    """
    missing = np.isnan(values_of(labels))
    if not missing.any():
        return None
    rng = np.random.default_rng(DRAWN_SEED)
    values = drawn.values.copy()  # noqa: PD011 - an array, no data frame
    values[missing[rng.integers(len(missing), size=len(values))]] = np.nan
    return _usable(replace(drawn, kind="drawn_alike", values=values))


def unseen(data: FrozenData, trained: Sequence[AgreedLabel]) -> FrozenData | None:
    """Return the songs by artists of whom no correction is trained on; None without any."""
    seen = {lead_artist_key(label.artists[0]) for label in trained if label.artists}
    return _chosen(data, [index for index, one in enumerate(data.artists) if one not in seen])


def values_of(labels: Sequence[AgreedLabel]) -> Matrix:
    """Return the inputs of labels: float32 [labels, inputs] in schema order, NaN if missing."""
    return _matrix([label.features for label in labels])


def name_of(label: AgreedLabel) -> str:
    """Return title and artists of a label's track; its key if they are unknown."""
    return song_name(label.title, label.artists) if label.title else label.track


def song_name(title: str, artists: Sequence[str]) -> str:
    """Return a title and artists as one text."""
    return " — ".join(part for part in (title, ", ".join(artists)) if part)


def _of_rows(kind: FrozenKind, rows: pd.DataFrame) -> FrozenData | None:
    names = zip(rows["title"], rows["artist"], strict=True)
    return _usable(
        FrozenData(
            kind=kind,
            values=matrix(rows),
            truth=tuple(rows["truth"]),
            artists=tuple(artists_of(rows)),
            songs=tuple(song_name(title, [artist]) for title, artist in names),
        )
    )


def _matrix(songs: Sequence[Mapping[str, float]]) -> Matrix:
    rows = [[song.get(name, math.nan) for name in INPUT_NAMES] for song in songs]
    return np.array(rows, dtype=np.float32).reshape(len(songs), len(INPUT_NAMES))


def _usable(data: FrozenData) -> FrozenData | None:
    """Return the songs that can be classified; None if there are none."""
    values = data.values  # noqa: PD011 - an array, no data frame
    chosen = np.flatnonzero((~np.isnan(values[:, : len(CORE)])).sum(axis=1) >= MINIMUM_CORE)
    return _chosen(data, chosen.tolist())


def _chosen(data: FrozenData, chosen: Sequence[int]) -> FrozenData | None:
    """Return the songs with these indices; None without any."""
    if not chosen:
        return None
    values = data.values  # noqa: PD011 - an array, no data frame
    return FrozenData(
        kind=data.kind,
        values=values[list(chosen)],
        truth=tuple(data.truth[index] for index in chosen),
        artists=tuple(data.artists[index] for index in chosen),
        songs=tuple(data.songs[index] for index in chosen),
    )
