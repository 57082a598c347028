"""The model of sub-genres: p(sub-genre | parent genre, features), named where it is sure.

One small ensemble learns all sub-genres of `training/subgenres.toml`, and for each parent one class
of songs that have none of their labels; its probabilities are normalised within each parent. Songs
are held out by artist: thresholds are fitted on some, and a sub-genre is served if enough of the
others are named so, and have that label often enough. Labels are incomplete, so that is a lower
bound of how often it is right.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from model.subgenres import SubgenreColumn
from training.calibrated_model import is_calibration_row
from training.calibration import fit_temperature
from training.ensemble import Ensemble
from training.ensemble_training import Plan, fit_networks
from training.features import Absence, Matrix, matrix, without
from training.network import Settings
from training.split import Side
from training.targets import NO_LABEL, Targets
from training.tasks import Task

SUBGENRES: Final = Path(__file__).parent / "subgenres.toml"
TABLES: Final = ("curated", "playlists")
PLAN: Final = Plan(networks=2, settings=Settings(hidden=(192, 128), epochs=20, dropout=0.25))

THRESHOLDS: Final = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
LEAST_ACCURACY: Final = 0.7
LEAST_SONGS: Final = 20
"""A sub-genre is named from one of these probabilities, if it is right for this share of the
held-out songs that are named so, and there are so many of them."""


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
    rest = [(parent, parent) for parent in content if parent in parents]
    return Labels((*((parent, name) for parent, name, _ in pairs), *rest), by_label)


def fit_subgenres(
    rows: pd.DataFrame, task: Task, seed: int, *, whole: bool = True
) -> SubgenreEnsemble | None:
    """Fit and measure the model, then fit the one to serve on all rows; None without such labels.

    The genres of `task` are the parents. If not `whole`, the model that was measured is served,
    which no test row has trained.
    """
    labels = load_labels(task.genres)
    labelled = _labelled(rows, labels)
    training = labelled[labelled["side"] == Side.TRAIN]
    testing = labelled[labelled["side"] == Side.TEST]
    held_out = is_calibration_row(training)
    fitting = training[~held_out]
    if fitting["subgenre"].nunique() < len(labels.columns) or testing.empty or not held_out.any():
        return None
    measured = _fit(fitting, labels, task, seed, "sub-genres: to be tested")
    measured = _calibrated(measured, training[held_out], seed)
    thresholds = _thresholds(measured, training[held_out])
    columns = tuple(_columns(measured, testing, thresholds, labels))
    served = tuple(number for number, column in enumerate(columns) if column is not None)
    kept = tuple(column for column in columns if column is not None)
    if not kept:
        return None
    if not whole:
        return replace(measured, served=served, columns=kept)
    shipped = _fit(labelled, labels, task, seed, "sub-genres: to be shipped")
    calibration = measured.ensemble.calibration
    ensemble = replace(shipped.ensemble, calibration=calibration)
    return replace(shipped, ensemble=ensemble, served=served, columns=kept)


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


def _labelled(rows: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return the rows with a label of one of the parents, with its index as `subgenre`."""
    rest = {parent: index for index, (parent, name) in enumerate(labels.columns) if parent == name}
    curated = rows[rows["table"].isin(TABLES)]
    index = curated["raw_labels"].str[-1].map(labels.by_label).fillna(curated["genre"].map(rest))
    known = index.notna()
    return curated[known].assign(subgenre=index[known].astype(int))


def _named(model: SubgenreEnsemble, rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each recording the sub-genre `named`, its `chance`, and whether it is `right`."""
    of_song = rows.groupby("recording")["subgenre"].agg(set)
    songs = rows[~rows["recording"].duplicated()]
    chances = model.probabilities(without(matrix(songs), ("year",)))
    own = np.where(model.same_parent[songs["subgenre"].to_numpy()] > 0, chances, 0)
    named = own.argmax(axis=1)
    sets = songs["recording"].map(of_song)
    right = [one in labels for one, labels in zip(named, sets, strict=True)]
    return pd.DataFrame({"named": named, "chance": own.max(axis=1), "right": right})


def _thresholds(model: SubgenreEnsemble, rows: pd.DataFrame) -> dict[int, float]:
    """Return for each sub-genre the smallest threshold at which it is right often enough."""
    found: dict[int, float] = {}
    for index, own in _named(model, rows).groupby("named"):
        for threshold in THRESHOLDS:
            above = own[own["chance"] >= threshold]
            if len(above) >= LEAST_SONGS // 2 and above["right"].mean() >= LEAST_ACCURACY:
                found[int(str(index))] = threshold
                break
    return found


def _columns(
    model: SubgenreEnsemble, rows: pd.DataFrame, thresholds: dict[int, float], labels: Labels
) -> Iterator[SubgenreColumn | None]:
    """Yield for each sub-genre its column in the metadata, None if it is not to be named."""
    named = _named(model, rows)
    for index, (parent, name) in enumerate(labels.columns):
        threshold = thresholds.get(index, 1.0)
        own = named[(named["named"] == index) & (named["chance"] >= threshold)]
        accuracy = round(float(own["right"].mean()), 3) if len(own) else 0.0
        served = name != parent and len(own) >= LEAST_SONGS and accuracy >= LEAST_ACCURACY
        yield SubgenreColumn(name, parent, threshold, accuracy, len(own)) if served else None
