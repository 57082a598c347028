"""What the networks learn from each row: likelihoods of the genres, the label, and a weight."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.annotators import Annotators
from training.features import Matrix
from training.identity import artist_weights
from training.tables import FEEDBACK
from training.tasks import Task

NO_LABEL: Final = -1

Codes = npt.NDArray[np.int32]
Labels = Literal["noisy", "hard"]
"""Whether labels are noisy observations of the true genre, or taken as the true genre."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What is known of each row.

    Attributes:
        likelihood: p(observations | genre) up to a factor, float32 [rows, genres].
        label: Index of the annotator's label, or `NO_LABEL`, int32 [rows].
        annotator: Index of the annotator, int32 [rows].
        label_annotator: Index of the annotator of each label, int32 [labels].
        weight: Weight of each row, float32 [rows], 1 on average.
    """

    likelihood: Matrix
    label: Codes
    annotator: Codes
    label_annotator: Codes
    weight: Matrix


def training_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without copies of a recording that have the same label and artist.

    A correction from the chat has no label, and is no copy of a table's row without one.
    """
    keys = rows[["recording", "label", "artist"]].assign(voted=rows["table"] == FEEDBACK)
    return rows[~keys.duplicated()]


def targets(rows: pd.DataFrame, task: Task, labels: Labels = "noisy") -> Targets:
    """Return the targets of rows of the training side.

    A row's `weight`, if the column is there, multiplies the weight by its artist's rows.
    """
    names = np.array(sorted(set(rows["label"]) - {""}), dtype=str)
    annotators = sorted(set(rows["annotator"]))
    code = {name: number for number, name in enumerate(annotators)}
    annotator_of = rows.drop_duplicates("label").set_index("label")["annotator"]
    index = {name: number for number, name in enumerate(names)}
    return Targets(
        likelihood=_likelihood(rows, task, labels),
        label=rows["label"].map(lambda name: index.get(name, NO_LABEL)).to_numpy(np.int32),
        annotator=rows["annotator"].map(code).to_numpy(np.int32),
        label_annotator=np.array([code[annotator_of[name]] for name in names], np.int32),
        weight=_weights(rows),
    )


def _likelihood(rows: pd.DataFrame, task: Task, labels: Labels) -> Matrix:
    if labels == "noisy" and task.uses_artists(rows):
        return Annotators.fit(rows, task.genres).likelihood(rows)
    hits = task.readings(rows).to_numpy()[:, None] == np.asarray(task.genres)
    likelihood: Matrix = (hits | ~hits.any(axis=1, keepdims=True)).astype(np.float32)
    return likelihood


def _weights(rows: pd.DataFrame) -> Matrix:
    weight = artist_weights(rows["artist"])
    if "weight" in rows:
        weight *= rows["weight"].to_numpy(np.float64)
    scaled: Matrix = (weight / weight.mean()).astype(np.float32)
    return scaled
