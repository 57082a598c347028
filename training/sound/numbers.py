"""Classifies clips by their audio features with models that were not fitted on their artists.

The shipped model was fitted on all rows of the tables, FMA's among them, so that it would be too
sure of FMA's clips. Therefore models like it are fitted again, each without a part of the artists.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from model.schema import INPUT_NAMES
from training import tables
from training.calibrated_model import CalibratedModel, fit_calibrated
from training.dataset import load_dataset
from training.ensemble_training import PLANS
from training.features import matrix
from training.identity import FINGERPRINT, fingerprints
from training.sound.examples import Names
from training.split import groups, share_of
from training.tables import ARTIST_GENRES, ORIGINS
from training.tasks import TASKS, Task, narrowed_all

FOLDS: Final = 3

Fit = Callable[[pd.DataFrame, Task, str], CalibratedModel]
"""Fits a model of a task on a dataset; the text is the title of a progress bar."""


def usable_tables(data: Path) -> tuple[str, ...]:
    """Return the names of the tables in a folder, none without a table of songs."""
    found = tuple(
        name
        for name in tables.CHOICES
        if all((data / file).is_file() for file in ORIGINS[name].files)
    )
    return found if set(found) - {ARTIST_GENRES} else ()


def genres_by_numbers(
    data: Path,
    names: Sequence[str],
    features: Sequence[Mapping[str, float]],
    artists: Names,
    seed: int,
) -> list[dict[str, float]]:
    """Return the genres of each clip by its features, as they are served by default.

    Args:
        data: Folder of the tables.
        names: Tables that the models are fitted on.
        features: Audio features of each clip.
        artists: Key of each clip's artist.
        seed: Of all random draws.

    Raises:
        TrainingError: A table cannot be read, or has too few songs.
    """
    rows = load_dataset(data, names)
    (task,), _ = narrowed_all([next(one for one in TASKS if one.name == "wide")], rows)

    def fit(kept: pd.DataFrame, task: Task, title: str) -> CalibratedModel:
        return fit_calibrated(kept, task, PLANS[task.name], seed, title)

    return list(out_of_fold(rows, task, features, artists, fit))


def out_of_fold(
    rows: pd.DataFrame,
    task: Task,
    features: Sequence[Mapping[str, float]],
    artists: Names,
    fit: Fit,
) -> Iterator[dict[str, float]]:
    """Yield the genres of each clip, by a model fitted without its artist and its recording."""
    clips = pd.DataFrame(list(features), columns=list(INPUT_NAMES), dtype=np.float64)
    recordings = fingerprints(clips).where(clips[list(FINGERPRINT)].notna().all(axis=1), "")
    fold = np.array([int(share_of(artist, "numbers") * FOLDS) for artist in artists])
    found = np.zeros((len(clips), len(task.genres)))
    of_row = groups(rows)
    for number in np.unique(fold):
        own = fold == number
        heard = of_row.isin(set(artists[own])) | rows["recording"].isin(set(recordings[own]))
        title = f"numbers, part {number + 1} of {FOLDS}"
        model = fit(rows[~heard].reset_index(drop=True), task, title)
        found[own] = model.probabilities(matrix(clips[own]))
    for row in found.tolist():
        yield dict(zip(task.genres, row, strict=True))
