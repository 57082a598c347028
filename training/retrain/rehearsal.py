"""Feature distributions by genre, from which songs like those of the tables are drawn.

Each genre has quantiles of each input and a Gaussian copula: the correlations of the inputs' normal
scores (Nelsen, An Introduction to Copulas, 2006). A song is drawn in three steps: correlated normal
numbers, their positions in the normal distribution, and the values at these quantiles. No song of a
table can be read out of it. A bundle keeps it as `rehearsal.npz`, so that retraining without tables
keeps what the model knew.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr, ndtri

from model import bundle_files
from model.bundle import REHEARSAL, Metadata
from model.schema import BY_NAME, INPUT_NAMES
from training.errors import CannotRetrain
from training.features import Matrix, matrix
from training.split import Side
from training.tasks import Task

STEPS: Final = 100
"""Number of steps between the quantiles 0 and 100 %."""

LEAST_SONGS: Final = 3
"""Number of songs with both inputs that a correlation is computed from; 0 with fewer."""

MAX_BYTES: Final = 300_000
"""Maximum size of the file, compressed and not."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Feature distributions by genre.

    Attributes:
        features: Names of the inputs.
        genres: Names of the genres.
        shares: Share of each genre among the songs, float32 [genres]; they sum to 1.
        quantiles: Quantiles of each input from 0 to 100 %, float32 [genres, inputs, STEPS + 1]; NaN
            for an input that no song of the genre has.
        correlations: Correlations of the normal scores, float32 [genres, inputs, inputs].
    """

    features: tuple[str, ...]
    genres: tuple[str, ...]
    shares: Matrix
    quantiles: Matrix
    correlations: Matrix

    @classmethod
    def fit(cls, rows: pd.DataFrame, task: Task) -> "Rehearsal":
        """Fit the distributions of a task's inputs on rows of the dataset.

        The genre of a row is its true one, or the table's reading where this is not known; others
        and copies of recordings are left out.
        """
        genre = task.truth(rows)
        genre = genre.where(genre != "", task.readings(rows))
        known = (genre != "") & ~rows["recording"].duplicated()
        values = matrix(rows[known])[:, [INPUT_NAMES.index(name) for name in task.features]]
        own = [values[(genre[known] == name).to_numpy()] for name in task.genres]
        count = np.array([len(songs) for songs in own], np.float32)
        return cls(
            task.features,
            task.genres,
            count / max(count.sum(), np.float32(1)),
            np.stack([_quantiles(songs) for songs in own]),
            np.stack([_correlations(songs) for songs in own]),
        )

    def sample(self, songs: int, rng: np.random.Generator) -> Matrix:
        """Draw songs of all genres by their shares.

        Returns:
            float32 [songs, inputs] in schema order. Inputs are missing only if no song of the genre
            has them; for other absences see `training.features.Absence.hide`.
        """
        counts = rng.multinomial(songs, self.shares / self.shares.sum(dtype=np.float64))
        drawn = [self._of_genre(number, count, rng) for number, count in enumerate(counts)]
        values = np.full((songs, len(INPUT_NAMES)), np.nan, np.float32)
        columns = [INPUT_NAMES.index(name) for name in self.features]
        values[:, columns] = rng.permutation(np.concatenate(drawn))
        return values

    def of_genre(self, genre: str, songs: int, rng: np.random.Generator) -> Matrix:
        """Draw songs of one genre, float32 [songs, inputs] in schema order."""
        values = np.full((songs, len(INPUT_NAMES)), np.nan, np.float32)
        columns = [INPUT_NAMES.index(name) for name in self.features]
        values[:, columns] = self._of_genre(self.genres.index(genre), songs, rng)
        return values

    def _of_genre(self, number: int, songs: int, rng: np.random.Generator) -> Matrix:
        normal = rng.standard_normal((songs, len(self.features))) @ _root(self.correlations[number])
        position = ndtr(normal) * STEPS
        columns = [
            _at(self.quantiles[number, column], position[:, column], whole=BY_NAME[name].whole)
            for column, name in enumerate(self.features)
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def to_bytes(self) -> bytes:
        """Return the content of the file; the same values give the same bytes."""
        content = io.BytesIO()
        np.savez_compressed(
            content,
            allow_pickle=False,
            features=np.array(self.features),
            genres=np.array(self.genres),
            shares=self.shares,
            quantiles=self.quantiles,
            correlations=self.correlations,
        )
        return content.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Rehearsal":
        """Read the file; raises CannotRetrain if it is none."""
        try:
            arrays = _arrays(content)
            features, genres = (tuple(map(str, arrays[name])) for name in ("features", "genres"))
            numbers = [
                np.asarray(arrays[name], np.float32)
                for name in ("shares", "quantiles", "correlations")
            ]
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise CannotRetrain(f"{REHEARSAL} cannot be read: {error}") from error
        found = cls(features, genres, *numbers)
        if problem := found.problem():
            raise CannotRetrain(f"{REHEARSAL} is invalid: {problem}")
        return found

    def problem(self) -> str | None:
        """Return why no songs can be drawn; None if they can."""
        genres, inputs = len(self.genres), len(self.features)
        checks = {
            "an input is not known": set(self.features) <= set(BY_NAME),
            "there is no genre": genres > 0,
            "the shares must be above 0 together": (
                self.shares.shape == (genres,)
                and bool(np.isfinite(self.shares).all())
                and bool((self.shares >= 0).all())
                and bool(self.shares.sum() > 0)
            ),
            "the quantiles have another shape": self.quantiles.shape == (genres, inputs, STEPS + 1),
            "the correlations must be finite": (
                self.correlations.shape == (genres, inputs, inputs)
                and bool(np.isfinite(self.correlations).all())
            ),
        }
        return next((sentence for sentence, fine in checks.items() if not fine), None)


def read(folder: Path, metadata: Metadata) -> Rehearsal:
    """Read the distributions of the bundle in `folder` and check their digest.

    Raises CannotRetrain if it has none, or was made for other genres; BundleInvalid if the file is
    damaged.
    """
    if REHEARSAL not in (metadata.files or {}):
        raise CannotRetrain(
            f"model {metadata.name} {metadata.version} has no {REHEARSAL}, without which it can "
            "be retrained with the training tables alone (--data)"
        )
    content = bundle_files.read(folder, metadata.files or {}, required=(REHEARSAL,))[REHEARSAL]
    found = Rehearsal.from_bytes(content)
    if not set(found.features) <= set(metadata.features):
        raise CannotRetrain(f"{REHEARSAL} is of another model than {metadata.version}")
    return found


def training_songs(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the training side, which the distributions are fitted on."""
    return rows[rows["side"] == Side.TRAIN]


def _arrays(content: bytes) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of an npz file by name; one that would unpack to more is refused."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_BYTES:
            raise ValueError(f"it has more than {MAX_BYTES} bytes")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def _quantiles(songs: Matrix) -> Matrix:
    steps = np.linspace(0, 1, STEPS + 1)
    found = [
        np.quantile(known, steps, method="inverted_cdf")
        if (known := column[~np.isnan(column)]).size
        else np.full(STEPS + 1, np.nan)
        for column in songs.T
    ]
    return np.stack(found).astype(np.float32)


def _correlations(songs: Matrix) -> Matrix:
    """Return the correlations of the normal scores; songs with both inputs count, if enough."""
    ranks = pd.DataFrame(songs).rank()
    scores = pd.DataFrame(ndtri(ranks / (ranks.count() + 1)))
    found: npt.NDArray[np.float64] = np.nan_to_num(scores.corr(min_periods=LEAST_SONGS))
    np.fill_diagonal(found, 1)
    return found.astype(np.float32)


def _root(correlations: Matrix) -> npt.NDArray[np.float64]:
    """Return a matrix whose product with independent normal numbers has these correlations.

    Correlations of pairs of inputs may be no matrix of correlations together: negative eigenvalues
    become 0, and the variances 1 again.
    """
    values, vectors = np.linalg.eigh((correlations + correlations.T).astype(np.float64) / 2)
    root = (vectors * np.sqrt(np.maximum(values, 0))).T
    lengths = np.sqrt((root**2).sum(axis=0))
    scaled: npt.NDArray[np.float64] = root / np.where(lengths > 0, lengths, 1)
    return scaled


def _at(
    quantiles: Matrix, position: npt.NDArray[np.float64], *, whole: bool
) -> npt.NDArray[np.float64]:
    """Return the values at positions of 0 to STEPS, [songs]; between two, of whole ones the upper.

    The quantile at a position is the value that this share of the songs does not exceed.
    """
    if whole:
        return np.asarray(quantiles[np.ceil(position).astype(np.intp)], np.float64)
    return np.interp(position, np.arange(STEPS + 1), quantiles)
