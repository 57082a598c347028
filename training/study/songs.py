"""The three songs that everyone asks about, and what the shipped bundles make of them."""

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

ASKED: Final = ("2YpeDb67231RjR0MgVLzsG", "60a0Rd6pjrkxjPbaKzXjfq", "7Jh1bpe76CNTCgdgAdBw4Z")
"""Old Town Road, In the End and Heroes, by their ids in the famous list: never learnt from."""


@dataclass(frozen=True, slots=True)
class AskedSong:
    """A song as its table has it; `values` are [features] in schema order, NaN for absent."""

    artist: str
    title: str
    genre: str
    table: str
    values: Matrix

    @property
    def features(self) -> dict[str, float]:
        """The features that the table gives."""
        pairs = zip(NAMES, self.values, strict=True)
        return {name: round(float(value), 4) for name, value in pairs if not np.isnan(value)}


def read_songs(data: Path, tables: Sequence[str]) -> tuple[AskedSong, ...]:
    """Return those of the three songs that stand in one of `tables`."""
    famous = {song.id: song for song in load_held_out_songs().songs}
    wanted = [famous[one] for one in ASKED if famous[one].table in tables]
    if not wanted:
        return ()
    rows = load_tables(data, [song.table for song in wanted]).drop_duplicates("id").set_index("id")
    return tuple(
        AskedSong(song.artist, song.title, song.genre, song.table, matrix(rows.loc[[song.id]])[0])
        for song in wanted
        if song.id in rows.index
    )


def values(songs: Sequence[AskedSong]) -> Matrix:
    """Return [songs, features]."""
    return np.array([song.values for song in songs], np.float32).reshape(-1, len(NAMES))


def shipped_opinions(
    songs: Sequence[AskedSong], store: BundleStore
) -> list[tuple[SongPrediction, ...]]:
    """Return for each song what every bundle that can be served makes of it."""
    given: list[tuple[SongPrediction, ...]] = [() for _ in songs]
    for name in store.names():
        try:
            classifier = Classifier(store.load(name))
        except BundleError:
            continue
        columns = [NAMES.index(feature) for feature in classifier.metadata.features]
        called = f"bundle {name} {classifier.version}"
        genres = classifier.metadata.genres
        asked = values(songs)[:, columns]
        for place, one in enumerate(song_predictions(classifier.probabilities, asked, genres)):
            given[place] += (SongPrediction(name, called, one),)
    return given
