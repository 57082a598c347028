"""Measures how songs are spread in normal scores, and how well few songs teach a label.

The spread (`model.song_space`) is that of the curated table: its labels are the styles. Labels are
then taught by the sub-genres of the playlists, a table of other people, as stand-ins for the labels
of a server: four at a time, by songs of one artist each; tested on songs of other artists, as many
of the sub-genre as of all songs and of the other three together. Beside them is a logistic
regression (L2) of the sub-genre's songs against songs drawn from the spread and the other labels'.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from model.few_shot import REFERENCES, SHOWN, belief, evidence_of, precisions
from model.few_shot_figures import learn
from model.schema import NAMES
from model.song_space import SCORED, Array, SongSpace, normal_scores, read
from training.dataset import load_dataset
from training.errors import CannotWrite, TooFewRows
from training.percentiles import distinct

NOTE: Final = (
    "Written by `python -m training few-shot`. Mean and covariance of the normal scores of all "
    "songs, and covariance within and between the labels of the curated table."
)
DIGITS: Final = 4
LEAST_ARTISTS: Final = 60
"""Artists of a style; half of them teach it, the others test it."""

SIZES: Final = (5, 8, 15, 50)
"""Numbers of songs by which a label is taught."""

TOGETHER: Final = 4
TRIALS: Final = 60
TESTED: Final = 60
"""Labels that are taught together, trials with each number of songs, and songs of a test."""

STRENGTH: Final = 0.3
"""Inverse regularisation C of the logistic regression: the best of 0.03, 0.1, 0.3 and 1."""


@dataclass(frozen=True, slots=True)
class Songs:
    """Normal scores of all songs and of the styles of two tables, [songs, features] each."""

    everything: Array
    curated: Mapping[str, Array]
    playlists: Mapping[str, Array]


def load(data: Path) -> Songs:
    """Read the tables in `data`, songs with all features only.

    Raises TableError, and TooFewRows without enough styles.
    """
    rows = load_dataset(data).dropna(subset=list(NAMES), ignore_index=True)
    scores = normal_scores(_records(rows))
    is_first = rows.index.isin(distinct(rows).index)
    raw = rows["raw_labels"].map(lambda labels: labels[-1] if labels else "")
    curated, playlists = (
        _styles(rows[rows["table"] == table], scores, raw) for table in ("curated", "playlists")
    )
    if len(curated) <= len(SCORED) or len(playlists) < TOGETHER:
        raise TooFewRows(
            f"{data}: too few labels with songs of {LEAST_ARTISTS} artists: "
            f"{len(curated)} in the curated table, {len(playlists)} in the playlists"
        )
    return Songs(scores[is_first], curated, playlists)


def write_spread(songs: Songs, out: Path, seed: int = 0) -> SongSpace:
    """Write the spread of songs to `out`; return it. Raises CannotWrite."""
    styles = list(songs.curated.values())
    within = np.mean([np.cov(style.T) for style in styles], axis=0)
    means = np.array([style.mean(axis=0) for style in styles])
    content = {
        "note": NOTE,
        "songs": len(songs.everything),
        "styles": len(styles),
        "features": list(SCORED),
        "mean": _rounded(songs.everything.mean(axis=0)),
        "total": _rounded(np.cov(songs.everything.T)),
        "within": _rounded(within),
        "between": _rounded(np.cov(means.T)),
        "slope": 1.0,
    }
    unscaled = read(content)
    trials = _trials(songs.curated, songs.everything, SIZES[1], seed)
    evidence = [(_evidence(trial, unscaled), trial.is_own) for trial in trials]
    slope = LogisticRegression(C=np.inf).fit(
        np.concatenate([one for one, _ in evidence])[:, np.newaxis],
        np.concatenate([own for _, own in evidence]),
    )
    content["slope"] = round(float(slope.coef_[0, 0]), 2)
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(own)}" for name, own in content.items())
    try:
        out.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    except OSError as error:
        raise CannotWrite(f"{out}: cannot be written: {error.strerror}") from None
    return read(content)


def report(songs: Songs, space: SongSpace, seed: int = 0) -> Iterator[str]:
    """Yield the figures of both methods as lines."""
    yield (
        f"{len(songs.playlists)} sub-genres of playlists, {TOGETHER} at a time, "
        f"{TRIALS} trials; area under ROC, log loss, own songs and others at {SHOWN:.0%} or more"
    )
    for size in SIZES:
        trials = list(_trials(songs.playlists, songs.everything, size, seed))
        for name, method in (("two-covariance", _two_covariance), ("logistic", _logistic)):
            figures = np.mean([_figures(method(one, space), one.is_own) for one in trials], axis=0)
            area, loss, own, others = figures
            yield f"{size:3} songs  {name:14} {area:.3f}  {loss:.3f}  {own:4.0%}  {others:4.0%}"
    yield from _warnings(songs, space, seed)


def _records(rows: pd.DataFrame) -> Iterator[Mapping[str, float]]:
    names = list(SCORED)
    for values in rows[names].to_numpy(np.float64):
        yield dict(zip(names, map(float, values), strict=True))


def _styles(rows: pd.DataFrame, scores: Array, raw: "pd.Series[str]") -> dict[str, Array]:
    found = {}
    for name, own in rows.groupby(raw[rows.index]):
        # One song of an artist, as a playlist of one artist would be no style.
        one_each = own.drop_duplicates("recording").drop_duplicates("artist")
        if len(one_each) >= LEAST_ARTISTS:
            found[str(name)] = scores[one_each.index]
    return found


@dataclass(frozen=True, slots=True)
class _Trial:
    """Songs that teach labels, those of the first one first; and songs that test it."""

    taught: Sequence[Array]
    tests: Array
    is_own: Array


def _trials(
    styles: Mapping[str, Array], everything: Array, size: int, seed: int
) -> Iterator[_Trial]:
    rng = np.random.default_rng(seed)
    names = sorted(name for name, style in styles.items() if len(style) >= 2 * size)
    for _ in range(TRIALS):
        chosen = rng.choice(names, TOGETHER, replace=False)
        orders = [rng.permutation(styles[name]) for name in chosen]
        tests = [songs[size:] for songs in orders]
        own = rng.choice(tests[0], TESTED)
        others = rng.choice(np.concatenate(tests[1:]), TESTED // 2)
        anything = rng.choice(everything, TESTED - TESTED // 2)
        yield _Trial(
            [songs[:size] for songs in orders],
            np.concatenate([own, others, anything]),
            np.repeat([1.0, 0.0], TESTED),
        )


def _evidence(trial: _Trial, space: SongSpace) -> Array:
    sums = [[one.sum(axis=0) for one in precisions(space, songs)] for songs in trial.taught]
    beliefs = [belief(space, *one) for one in sums]
    return evidence_of(space, beliefs, trial.tests).ratio(0)


def _two_covariance(trial: _Trial, space: SongSpace) -> Array:
    found: Array = learn(_named(trial.taught), space).classifier.probabilities(trial.tests)[0]
    return found


def _logistic(trial: _Trial, space: SongSpace) -> Array:
    rng = np.random.default_rng(0)
    own, others = trial.taught[0], np.concatenate(trial.taught[1:])
    all_songs = rng.multivariate_normal(space.mean, space.total, REFERENCES)
    half = len(own) / 2
    weights = np.repeat(
        [1.0, half / len(others), half / REFERENCES], [len(own), len(others), REFERENCES]
    )
    is_own = np.repeat([1.0, 0.0], [len(own), len(others) + REFERENCES])
    model = LogisticRegression(C=STRENGTH).fit(
        np.concatenate([own, others, all_songs]), is_own, sample_weight=weights
    )
    found: Array = model.predict_proba(trial.tests)[:, 1]
    return found


def _figures(probabilities: Array, is_own: Array) -> tuple[float, float, float, float]:
    """Return area under the ROC curve, log loss, and shares of own and of other songs SHOWN."""
    fits = probabilities >= SHOWN
    return (
        float(roc_auc_score(is_own, probabilities)),
        float(log_loss(is_own, probabilities)),
        float(fits[is_own == 1].mean()),
        float(fits[is_own == 0].mean()),
    )


def _warnings(songs: Songs, space: SongSpace, seed: int) -> Iterator[str]:
    """Yield how often labels are called mixed and alike, rightly and wrongly."""
    for size in SIZES[:3]:
        rng = np.random.default_rng(seed)
        counts = np.zeros(4)
        names = sorted(songs.playlists)
        for _ in range(TRIALS):
            one, other = rng.choice(names, 2, replace=False)
            halves = rng.permutation(songs.playlists[one])[: 2 * size]
            far = rng.permutation(songs.playlists[other])[:size]
            mixed = rng.choice(songs.everything, size)
            learned = learn(_named([halves[:size], halves[size:], far, mixed]), space)
            figures = learned.figures
            counts += [
                figures["3"].is_mixed,
                figures["0"].is_mixed,
                ("0", "1") in learned.alike,
                ("0", "2") in learned.alike,
            ]
        of_all, of_style, same, different = counts / TRIALS
        yield (
            f"{size:3} songs  called mixed: any songs {of_all:.0%}, a sub-genre {of_style:.0%}; "
            f"called alike: halves of a sub-genre {same:.0%}, two sub-genres {different:.0%}"
        )


def _named(taught: Sequence[Array]) -> dict[str, Array]:
    return {str(index): songs for index, songs in enumerate(taught)}


def _rounded(values: Array) -> list[Any]:
    rounded: list[Any] = np.round(values, DIGITS).tolist()
    return rounded
