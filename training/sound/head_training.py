"""Fits the head: a multinomial logistic regression on the embedding, calibrated by a temperature.

Its inputs are the embedding alone. Of a song that was heard by the bot, the tags are stored as
merged words without the improbable ones, which no file can be given as the networks' 100 tags; so
votes could not train a head on tags.

Every genre weighs the same in a fit: no genre is more probable before the sound is heard, as in the
table from tags. Strength of regularisation and temperature are chosen by cross-validation in which
no artist is on both sides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from model.sound.front_end import Floats
from model.sound.head import Head
from model.sound.networks import EMBEDDING
from training.calibration import Codes, fit_temperature
from training.ensemble import Calibration
from training.sound.examples import Doubles, Examples, evened

STRENGTHS: Final = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Inverse strengths of the L2 regularisation, as scikit-learn's C, among which is chosen."""

FOLDS: Final = 5
INNER_FOLDS: Final = 3

MAX_ITERATIONS: Final = 5000

LEAST: Final = 1e-6
"""Lower bound of probabilities before a logarithm is taken."""

ABSENT: Final = -30.0
"""Bias of a genre without examples in a fold."""

Split = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]


def fit_head(examples: Examples, genres: Sequence[str], seed: int) -> Head:
    """Fit and calibrate a head on examples of these genres."""
    with threadpool_limits(limits=1):  # results must not depend on the number of cores
        return _fit_head(examples, genres, seed)


def out_of_fold(
    examples: Examples, genres: Sequence[str], seed: int, processes: int = 1
) -> Doubles:
    """Return the probabilities [sounds, genres] of clips by heads not fitted on their artists.

    Each of the heads is fitted as `fit_head` does, with a strength and temperature of its own. The
    rows of votes are NaN.
    """
    splits = list(folds(examples, FOLDS, seed))
    heads = Parallel(n_jobs=min(processes, len(splits)))(
        delayed(fit_head)(examples.part(train), genres, seed) for train, _ in splits
    )
    found = np.full((len(examples), len(genres)), np.nan)
    for head, (_, test) in zip(heads, splits, strict=True):
        found[test] = head.of_inputs(examples.embeddings[test])
    return found


def folds(examples: Examples, number: int, seed: int) -> Iterator[Split]:
    """Yield indices to fit on and clips to measure on, without an artist on both sides.

    Genres are spread evenly. Votes are on the first side, except those on artists of the second.
    """
    clips = np.flatnonzero(examples.measured)
    artists, truth = examples.artists[clips], examples.truth[clips]
    number = min(number, len(set(artists)), *np.unique(truth, return_counts=True)[1])
    splitter = StratifiedGroupKFold(max(number, 2), shuffle=True, random_state=seed)
    for _, tested in splitter.split(clips, truth, artists):
        test = clips[tested]
        if len(test):
            yield np.flatnonzero(~np.isin(examples.artists, examples.artists[test])), test


def fit_logistic(examples: Examples, genres: Sequence[str], strength: float) -> Head:
    """Fit a head that is not calibrated; a genre without examples is improbable."""
    mean = examples.embeddings.mean(axis=0)
    spread = examples.embeddings.std(axis=0)
    scale = np.where(spread > 0, spread, 1).astype(np.float32)
    truth = codes(examples, genres)
    weights = np.zeros((examples.embeddings.shape[1], len(genres)), np.float32)
    bias = np.full(len(genres), ABSENT, np.float32)
    present = np.unique(truth)
    if len(present) > 1:
        model = LogisticRegression(C=strength, max_iter=MAX_ITERATIONS)
        model.fit(
            (examples.embeddings - mean) / scale,
            truth,
            sample_weight=evened(examples.weights, examples.truth),
        )
        weights[:, present], bias[present] = _of_each_genre(model)
    else:
        bias[present] = 0
    return Head((EMBEDDING,), tuple(genres), weights, bias, mean, scale)


def codes(examples: Examples, genres: Sequence[str]) -> Codes:
    """Return the index in `genres` of each example's genre."""
    index = {genre: number for number, genre in enumerate(genres)}
    return np.array([index[genre] for genre in examples.truth], dtype=np.intp)


def _fit_head(examples: Examples, genres: Sequence[str], seed: int) -> Head:
    clips = examples.measured
    truth = codes(examples, genres)[clips]
    splits = list(folds(examples, INNER_FOLDS, seed))
    chosen: tuple[float, float, Floats] | None = None
    for strength in STRENGTHS:
        found = np.full((len(examples), len(genres)), np.nan)
        for train, test in splits:
            head = fit_logistic(examples.part(train), genres, strength)
            found[test] = head.of_inputs(examples.embeddings[test])
        raw = found[clips]
        loss = float(log_losses(raw, truth).mean())
        if chosen is None or loss < chosen[0]:
            chosen = loss, strength, raw.astype(np.float32)
    if chosen is None:
        raise RuntimeError("there are strengths")
    _, strength, raw32 = chosen
    calibration = fit_temperature(raw32, truth, Calibration.none(len(genres)))
    head = fit_logistic(examples, genres, strength)
    cooled = np.float32(calibration.temperature)
    return replace(head, weights=head.weights / cooled, bias=head.bias / cooled)


def log_losses(probabilities: npt.NDArray[Any], truth: Codes) -> Doubles:
    """Return the negative logarithm of the probability of each sound's genre, [sounds]."""
    own = np.take_along_axis(probabilities, truth[:, None], axis=1)[:, 0]
    return np.asarray(-np.log(np.maximum(own, LEAST)))


def _of_each_genre(model: Any) -> tuple[Floats, Floats]:
    """Return weights [inputs, genres] and bias [genres]; of two genres scikit-learn has one row."""
    weights, bias = model.coef_, model.intercept_
    if len(weights) == 1:
        weights, bias = np.concatenate([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    return weights.T.astype(np.float32), bias.astype(np.float32)
