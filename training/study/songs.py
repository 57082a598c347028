"""The example songs, and what the shipped models say of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from model.classifier import Classifier
from model.errors import BundleError
from model.schema import INPUT_NAMES
from model.store import BundleStore
from model.verdicts import VerdictFigures
from training.embedded_songs import earliest_year, keyed_rows
from training.held_out_songs import load_held_out_songs
from training.study.results import Song
from training.tables import load_tables

OLD_TOWN_ROAD: Final = "2YpeDb67231RjR0MgVLzsG"
SONG_IDS: Final = (OLD_TOWN_ROAD, "60a0Rd6pjrkxjPbaKzXjfq", "7Jh1bpe76CNTCgdgAdBw4Z")
"""Ids of Old Town Road, In the End and Heroes among the held-out songs."""

SHIPPED: Final = "as shipped"

Predictions = Mapping[str, Sequence[Mapping[str, float]]]
"""By name of a model: the probabilities by genre, for each song."""


def read_songs(data: Path, tables: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the example songs that are in one of `tables`, with genre and table.

    The year is the earliest in any of `tables`, as in the bot's embedded songs.
    """
    known = {song.id: song for song in load_held_out_songs().songs}
    wanted = [known[one] for one in SONG_IDS if one in known and known[one].table in tables]
    if not wanted:
        return pd.DataFrame(columns=["id", "artist", "title", "genre", *INPUT_NAMES])
    every = keyed_rows(load_tables(data, tables))
    rows = every[every["table"].isin({song.table for song in wanted})]
    rows = rows.drop_duplicates("id").set_index("id")
    found = [song for song in wanted if song.id in rows.index]
    ids = [song.id for song in found]
    own = rows.loc[ids].assign(genre=[song.genre for song in found]).reset_index(names="id")
    return own.assign(year=pd.Series([earliest_year(every, song) for song in found], dtype=float))


def results(
    songs: pd.DataFrame, predictions: Mapping[str, Predictions], store: BundleStore
) -> tuple[Song, ...]:
    """Return the songs with the predictions of each task's models and of the shipped bundles."""
    shipped = _shipped(store)
    found = []
    for number, (_, row) in enumerate(songs.iterrows()):
        known = {name: float(row[name]) for name in INPUT_NAMES if not np.isnan(row[name])}
        own = {
            task: {model: dict(by_song[number]) for model, by_song in models.items()}
            for task, models in predictions.items()
        }
        predicted = {name: one.predict(known) for name, one in shipped.items()}
        for name, prediction in predicted.items():
            own.setdefault(name, {})[SHIPPED] = dict(prediction.genres)
        about = {name: row[name] for name in ("id", "artist", "title", "genre")}
        if wide := predicted.get("wide"):
            reasons = shipped["wide"].explain(known, wide)
            about |= {"verdict": wide.verdict, "reasons": tuple(one.feature for one in reasons)}
        found.append(Song(**about, features=known, predictions=own))
    return tuple(found)


def typical_songs(store: BundleStore) -> dict[str, dict[str, float]]:
    """Return the medians of each genre's songs, as the shipped wide model holds them."""
    wide = _shipped(store).get("wide")
    return {genre: dict(wide.typical(genre)) for genre in wide.metadata.genres} if wide else {}


def shipped_verdicts(store: BundleStore) -> dict[str, dict[str, VerdictFigures]]:
    """Return the figures of the verdicts of each shipped model, as its fit measured them."""
    return {name: dict(one.metadata.verdicts) for name, one in _shipped(store).items()}


def _shipped(store: BundleStore) -> dict[str, Classifier]:
    """Return the models of all bundles in the store that can be loaded."""
    found = {}
    for name in store.names():
        try:
            found[name] = Classifier(store.load(name))
        except BundleError:
            continue
    return found
