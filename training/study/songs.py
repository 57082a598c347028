"""Three example songs, and the shipped bundles' predictions for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from model.classifier import Classifier
from model.errors import BundleError
from model.schema import NAMES
from model.store import BundleStore
from training.features import Matrix, matrix
from training.held_out_songs import load_held_out_songs
from training.study.model_evaluation import song_predictions
from training.study.results import SongPrediction
from training.tables import load_tables

SONG_IDS: Final = ("2YpeDb67231RjR0MgVLzsG", "60a0Rd6pjrkxjPbaKzXjfq", "7Jh1bpe76CNTCgdgAdBw4Z")
"""Ids of Old Town Road, In the End and Heroes among the held-out songs."""


@dataclass(frozen=True, slots=True)
class ExampleSong:
    """A held-out song; `values` are its features in schema order, NaN if missing."""

    artist: str
    title: str
    genre: str
    table: str
    values: Matrix

    @property
    def features(self) -> dict[str, float]:
        """The features that are not missing, by name."""
        pairs = zip(NAMES, self.values, strict=True)
        return {name: round(float(value), 4) for name, value in pairs if not np.isnan(value)}


def read_songs(data: Path, tables: Sequence[str]) -> tuple[ExampleSong, ...]:
    """Return the example songs that are in one of `tables`, which are read from folder `data`."""
    held_out = {song.id: song for song in load_held_out_songs().songs}
    chosen = [held_out[one] for one in SONG_IDS if held_out[one].table in tables]
    if not chosen:
        return ()
    rows = load_tables(data, [song.table for song in chosen]).drop_duplicates("id").set_index("id")
    return tuple(
        ExampleSong(song.artist, song.title, song.genre, song.table, matrix(rows.loc[[song.id]])[0])
        for song in chosen
        if song.id in rows.index
    )


def values(songs: Sequence[ExampleSong]) -> Matrix:
    """Return the features of the songs, [songs, features]."""
    return np.array([song.values for song in songs], np.float32).reshape(-1, len(NAMES))


def shipped_predictions(
    songs: Sequence[ExampleSong], store: BundleStore
) -> list[tuple[SongPrediction, ...]]:
    """Return for each song the predictions of all bundles in the store that can be loaded."""
    predictions: list[tuple[SongPrediction, ...]] = [() for _ in songs]
    for name in store.names():
        try:
            classifier = Classifier(store.load(name))
        except BundleError:
            continue
        columns = [NAMES.index(feature) for feature in classifier.metadata.features]
        model = f"bundle {name} {classifier.version}"
        genres = classifier.metadata.genres
        features = values(songs)[:, columns]
        predicted = song_predictions(classifier.probabilities, features, genres)
        for number, probabilities in enumerate(predicted):
            predictions[number] += (SongPrediction(name, model, probabilities),)
    return predictions
