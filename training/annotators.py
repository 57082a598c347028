"""What a table's label says about the true genre of a song.

Each table, and each collection of curated tracks, is a noisy annotator: a label is an observation
of the true genre through the annotator's own confusion p(label | genre) (Dawid and Skene, 1979,
https://doi.org/10.2307/2346806). The confusion is not learnt together with the model. It is counted
once, from songs by artists whose genre independent sources agree on (those of an artist with many
songs count less), and smoothed towards

- the frequency of the label in its table, which says nothing about the genre, and
- the table's own reading of the label (`training/taxonomy.toml`).

The artist's genre is an observation too, and is right with the probability `ARTIST_ACCURACY`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.identity import artist_weights

ARTIST_ACCURACY: Final = 0.88
"""How often independent sources agree with one another on an artist's genre; the tables' record."""

SMOOTHING: Final = 30.0
"""Number of imagined songs of each genre with the smoothing distribution of labels."""

READING_SHARE: Final = 0.3
"""Share of the smoothing distribution that follows the table's own reading."""

Likelihoods = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Annotators:
    """The confusion of every label.

    Attributes:
        genres: The true genres.
        by_label: For each label p(label | genre), float64 [genres].
    """

    genres: tuple[str, ...]
    by_label: Mapping[str, npt.NDArray[np.float64]]

    @classmethod
    def fit(cls, rows: pd.DataFrame, genres: Sequence[str]) -> "Annotators":
        """Count the confusions in the rows whose artist's genre is known.

        Args:
            rows: Rows of the dataset (see `training.dataset`), of the training side only.
            genres: The true genres.
        """
        confusions: dict[str, npt.NDArray[np.float64]] = {}
        for _, own in rows[rows["label"] != ""].groupby("annotator"):
            confusions |= _confusion(own, genres)
        return cls(tuple(genres), confusions)

    def likelihood(self, rows: pd.DataFrame) -> Likelihoods:
        """Return p(observations | genre) of each row, float32 [rows, genres], largest 1.

        The observations are the row's label and what is known of its artist. A row without either
        has 1 everywhere.
        """
        ones = np.ones(len(self.genres))
        labels = rows["label"].map(self.by_label.get)
        of_label = np.stack([ones if one is None else one for one in labels])
        of_artist = _artist_likelihood(rows["artist_shares"], self.genres)
        product = of_label * of_artist
        scaled: Likelihoods = (product / product.max(axis=1, keepdims=True)).astype(np.float32)
        return scaled


def _confusion(rows: pd.DataFrame, genres: Sequence[str]) -> dict[str, npt.NDArray[np.float64]]:
    """Return p(label | genre) of one annotator's labels."""
    labels = rows["label"].value_counts().sort_index()
    counts = (
        rows.assign(weight=artist_weights(rows["artist"]))
        .pivot_table("weight", "label", "artist_genre", aggfunc="sum", fill_value=0)
        .reindex(index=labels.index, columns=list(genres), fill_value=0)
        .to_numpy(dtype=np.float64)
    )
    base = labels.to_numpy(dtype=np.float64)[:, None] / len(rows)
    reading = rows.groupby("label")["genre"].first().reindex(labels.index)
    read_as = base * (reading.to_numpy()[:, None] == np.asarray(genres))
    total = read_as.sum(axis=0)
    own = np.where(total > 0, read_as / np.where(total > 0, total, 1), base)
    smooth = (1 - READING_SHARE) * base + READING_SHARE * own
    confusion = (counts + SMOOTHING * smooth) / (counts.sum(axis=0) + SMOOTHING)
    return dict(zip(labels.index, confusion, strict=True))


def _artist_likelihood(shares: "pd.Series[Any]", genres: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return p(sources' opinion | genre) of each row, [rows, genres]; 1 for unknown artists."""
    index = {genre: number for number, genre in enumerate(genres)}
    wrong = (1 - ARTIST_ACCURACY) / max(len(genres) - 1, 1)
    likelihood = np.ones((len(shares), len(genres)))
    for row, opinion in enumerate(shares):
        if isinstance(opinion, Mapping):
            likelihood[row] = wrong
            for genre, share in opinion.items():
                if genre in index:
                    likelihood[row, index[genre]] += (ARTIST_ACCURACY - wrong) * share
    return likelihood
