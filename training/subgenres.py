"""The model of sub-genres: p(sub-genre | parent genre, features), named where it is sure.

One small ensemble learns all sub-genres of `training/subgenres.toml`; its probabilities are
normalised within each parent. A sub-genre is served if enough held-out songs are named so, and are
so often enough; songs are held out by artist.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.subgenres import SubgenreColumn
from training.calibration import fit_temperature
from training.ensemble import Ensemble
from training.ensemble_training import Plan, fit_networks
from training.features import Absence, Matrix, matrix
from training.network import Settings
from training.split import Side
from training.targets import NO_LABEL, Targets
from training.tasks import Task

SUBGENRES: Final = Path(__file__).parent / "subgenres.toml"
TABLES: Final = ("curated", "playlists")
PLAN: Final = Plan(networks=2, settings=Settings(hidden=(192, 128), epochs=20, dropout=0.25))

LEAST_PROBABILITY: Final = 0.5
LEAST_ACCURACY: Final = 0.7
LEAST_SONGS: Final = 20
"""A sub-genre is named at this probability or more, if it is right for this share of held-out songs
that are named so, and there are so many of them."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The sub-genres, as pairs of parent and name, and the sub-genres that each label means."""

    columns: tuple[tuple[str, str], ...]
    by_label: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SubgenreEnsemble:
    """Probabilities of sub-genres, normalised within each parent.

    `same_parent` is float32 [sub-genres, sub-genres], 1 where both have one parent; `served` are
    the indices of the sub-genres that are named, and `columns` what is known of those.
    """

    ensemble: Ensemble
    same_parent: Matrix
    served: tuple[int, ...]
    columns: tuple[SubgenreColumn, ...]

    def probabilities(self, values: Matrix) -> Matrix:
        """Return p(sub-genre | parent) of all sub-genres, [rows, sub-genres]."""
        return within_parents(self.ensemble.probabilities(values), self.same_parent)


def load_labels(parents: Sequence[str], path: Path = SUBGENRES) -> Labels:
    """Read the sub-genres of some genres from the data file."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    pairs = [
        (parent, name, labels)
        for parent, names in content.items()
        if parent in parents
        for name, labels in names.items()
    ]
    by_label = {label: index for index, (_, _, labels) in enumerate(pairs) for label in labels}
    return Labels(tuple((parent, name) for parent, name, _ in pairs), by_label)


def fit_subgenres(rows: pd.DataFrame, task: Task, seed: int) -> SubgenreEnsemble | None:
    """Fit and measure the model, then fit the one to serve on all rows; None without such labels.

    The genres of `task` are the parents.
    """
    labels = load_labels(task.genres)
    index = rows["raw_labels"].str[-1].map(labels.by_label).where(rows["table"].isin(TABLES))
    labelled = rows[index.notna()].assign(subgenre=index[index.notna()].astype(int))
    training = labelled[labelled["side"] == Side.TRAIN]
    testing = labelled[labelled["side"] == Side.TEST]
    if training["subgenre"].nunique() < len(labels.columns) or testing.empty:
        return None
    measured = _fit(training, labels, task, seed, "sub-genres: to be tested")
    measured = _calibrated(measured, testing, seed)
    columns = tuple(_columns(measured, testing, labels))
    served = tuple(number for number, column in enumerate(columns) if column is not None)
    kept = tuple(column for column in columns if column is not None)
    shipped = _fit(labelled, labels, task, seed, "sub-genres: to be shipped")
    calibration = measured.ensemble.calibration
    ensemble = replace(shipped.ensemble, calibration=calibration)
    return replace(shipped, ensemble=ensemble, served=served, columns=kept) if kept else None


def within_parents(probabilities: Matrix, same_parent: Matrix) -> Matrix:
    """Return probabilities [rows, sub-genres] divided by the sum over their parent."""
    normalised: Matrix = probabilities / (probabilities @ same_parent)
    return normalised


def _fit(rows: pd.DataFrame, labels: Labels, task: Task, seed: int, title: str) -> SubgenreEnsemble:
    parents = np.array([parent for parent, _ in labels.columns])
    truth = rows["subgenre"].to_numpy()
    none = np.full(len(rows), NO_LABEL, np.int32)
    known = Targets(
        likelihood=(truth[:, None] == np.arange(len(parents))).astype(np.float32),
        label=none,
        annotator=none,
        label_annotator=np.empty(0, np.int32),
        weight=np.ones(len(rows), np.float32),
    )
    names = tuple(name for _, name in labels.columns)
    ensemble = fit_networks(
        rows, known, features=task.features, outputs=names, plan=PLAN, seed=seed, title=title
    )
    same_parent = (parents[:, None] == parents).astype(np.float32)
    return SubgenreEnsemble(ensemble, same_parent, (), ())


def _calibrated(model: SubgenreEnsemble, rows: pd.DataFrame, seed: int) -> SubgenreEnsemble:
    values = matrix(rows)
    hidden = Absence(values).hide(values, np.random.default_rng(seed))
    raw = within_parents(model.ensemble.raw_probabilities(hidden), model.same_parent)
    own = model.same_parent[rows["subgenre"].to_numpy()] > 0
    within = np.where(own, raw, np.float32(0))
    calibration = fit_temperature(within, rows["subgenre"].to_numpy(), model.ensemble.calibration)
    return replace(model, ensemble=replace(model.ensemble, calibration=calibration))


def _columns(
    model: SubgenreEnsemble, rows: pd.DataFrame, labels: Labels
) -> Sequence[SubgenreColumn | None]:
    """Return for each sub-genre its column in the metadata, None if it is not to be named."""
    of_song = rows.groupby("recording")["subgenre"].agg(set)
    songs = rows[~rows["recording"].duplicated()]
    chances = model.probabilities(matrix(songs))
    parents = np.array([parent for parent, _ in labels.columns])
    own = model.same_parent[songs["subgenre"].to_numpy()] > 0
    named = np.where(own, chances, 0).argmax(axis=1)
    chance = np.take_along_axis(chances, named[:, None], axis=1)[:, 0]
    sets = songs["recording"].map(of_song)
    right = np.array([one in own_set for one, own_set in zip(named, sets, strict=True)])
    found: list[SubgenreColumn | None] = []
    for index, (parent, name) in enumerate(labels.columns):
        column = _column(chance[named == index], right[named == index])
        served = column is not None and name != parents[index]
        found.append(SubgenreColumn(name, parent, *column) if column and served else None)
    return found


def _column(
    chance: npt.NDArray[np.float32], right: npt.NDArray[np.bool_]
) -> tuple[float, float, int] | None:
    """Return the threshold of a sub-genre, its accuracy there and the number of songs."""
    for threshold in np.arange(LEAST_PROBABILITY, 0.95, 0.05):
        above = chance >= threshold
        if above.sum() >= LEAST_SONGS and right[above].mean() >= LEAST_ACCURACY:
            accuracy = round(float(right[above].mean()), 3)
            return round(float(threshold), 2), accuracy, int(above.sum())
    return None
