"""The example songs, and what the shipped models say of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from model.classifier import Classifier
from model.errors import BundleError
from model.schema import NAMES
from model.store import BundleStore
from training.features import Matrix
from training.held_out_songs import HeldOutSong, load_held_out_songs
from training.study import core
from training.study.results import Song, SongPrediction
from training.tables import load_tables

OLD_TOWN_ROAD: Final = "2YpeDb67231RjR0MgVLzsG"
SONG_IDS: Final = (OLD_TOWN_ROAD, "60a0Rd6pjrkxjPbaKzXjfq", "7Jh1bpe76CNTCgdgAdBw4Z")
"""Ids of Old Town Road, In the End and Heroes among the held-out songs."""

SHIPPED: Final = "shipped"


@dataclass(frozen=True, slots=True)
class ExampleSongs:
    """Held-out songs and their rows, in the same order."""

    songs: tuple[HeldOutSong, ...]
    rows: pd.DataFrame

    @property
    def values(self) -> Matrix:
        """The features, [songs, features]."""
        return core.features(self.rows)

    def results(
        self, predictions: Sequence[Sequence[Sequence[SongPrediction]]], store: BundleStore
    ) -> tuple[Song, ...]:
        """Return the songs with the predictions of each task's models and of shipped bundles."""
        found = []
        for number, song in enumerate(self.songs):
            row = self.rows.iloc[number]
            known = {name: float(row[name]) for name in NAMES if not np.isnan(row[name])}
            own = [one for task in predictions for one in task[number]]
            found.append(
                Song(
                    id=song.id,
                    artist=song.artist,
                    title=song.title,
                    genre=song.genre,
                    features=known,
                    predictions=(*own, *_shipped(store, known)),
                )
            )
        return tuple(found)


def read_songs(data: Path, tables: Sequence[str]) -> ExampleSongs:
    """Return the example songs that are in one of `tables`, read from the folder `data`."""
    held_out = {song.id: song for song in load_held_out_songs().songs}
    wanted = [held_out[one] for one in SONG_IDS if held_out[one].table in tables]
    if not wanted:
        return ExampleSongs((), pd.DataFrame(columns=list(NAMES), dtype=float))
    rows = load_tables(data, [song.table for song in wanted]).drop_duplicates("id").set_index("id")
    found = tuple(song for song in wanted if song.id in rows.index)
    return ExampleSongs(found, rows.loc[[song.id for song in found]])


def typical_songs(store: BundleStore) -> dict[str, dict[str, float]]:
    """Return the medians of each genre's songs, as the shipped wide model holds them."""
    try:
        return {genre: dict(own) for genre, own in store.load("wide").metadata.typical_genres.items()}
    except BundleError:
        return {}


def _shipped(store: BundleStore, known: dict[str, float]) -> list[SongPrediction]:
    """Return the predictions of all bundles in the store that can be loaded."""
    found = []
    for name in store.names():
        try:
            classifier = Classifier(store.load(name))
        except BundleError:
            continue
        genres = dict(classifier.predict(known).genres)
        found.append(SongPrediction(task=name, model=SHIPPED, genres=genres))
    return found
