"""A weakened model: fitted on tables in which the songs of one genre are labelled as another."""

from pathlib import Path
from typing import Final

import pandas as pd

from model.bundle import Metadata
from model.store import BundleStore
from training.ensemble_training import Plan
from training.fit import fit
from training.network import Settings
from training.split import Side
from training.tasks import Task

PLAN: Final = Plan(
    networks=2,
    settings=Settings(hidden=(384, 256), epochs=8, dropout=0.15),
    prior_correction=0.3,
)
"""Fewer networks and epochs than those of the shipped model, to take a minute."""


def write_mislabelled(
    root: Path, rows: pd.DataFrame, task: Task, *, genre: str, as_genre: str, seed: int
) -> Metadata:
    """Fit a model without the test rows, save and promote it in the local store `root`.

    In the training rows of the dataset `rows`, `genre` is labelled `as_genre`.
    """
    wrong = rows.copy()
    taught = wrong["side"] != Side.TEST
    of_artist = taught & (wrong["artist_genre"] == genre)
    wrong.loc[of_artist, "artist_genre"] = as_genre
    wrong.loc[of_artist, "artist_shares"] = pd.Series(
        [{as_genre: 1.0}] * int(of_artist.sum()), index=wrong.index[of_artist]
    )
    wrong.loc[taught & (wrong["genre"] == genre), "genre"] = as_genre
    store = BundleStore(root)
    saved = fit(wrong, task, PLAN, seed, whole=False).save(store)
    return store.promote(saved.name, saved.version)
