"""Describes the method of the study, in the sentences that the report prints."""

from typing import Final

from training.features import CORE_HIDDEN_SHARE
from training.fit import VALIDATION_SHARE
from training.split import TEST_SHARE
from training.study.candidates import FEW_GENRES
from training.study.results import Method
from training.study.scale import Size


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


SPLIT: Final = (
    f"The test split is frozen: all recordings by {_percent(TEST_SHARE)} of the artists, "
    "chosen by a hash of the name. A row without an artist is grouped with a named copy of "
    "its recording, otherwise by upload, otherwise by its own feature values, so these "
    "rows are not split by artist: figures are given with and without them. A joint credit "
    "counts as one artist, so its first artist may be in training under another credit; "
    "figures without such songs are given, too. Two copies of a recording whose values "
    "differ in rounding count as two recordings. A recording whose copies all have one "
    "genre is tested once; one whose copies have several genres is not tested. The "
    "recordings of the bot's held-out songs are neither trained nor tested on."
)
LABELS: Final = (
    "All tables' labels are mapped to genres by one file, training/taxonomy.toml. A "
    "recording counts once for each genre that it is labelled with; contradicting labels "
    "are kept in training. Billboard's Hot 100 replaces the year-end charts that the "
    "original study used."
)
ABSENCE: Final = (
    "Models that take more than the core features are trained on rows whose missing values "
    "were first filled with random draws from all rows that have them, then hidden in the "
    "patterns in which sources lack features; in "
    f"{_percent(CORE_HIDDEN_SHARE)} of the rows up to four core features are hidden, too."
)
RESAMPLING: Final = (
    "Resampled means that rows of rarer genres are repeated at random, within each fit, "
    f"until all genres have the same number of rows. With up to {FEW_GENRES} genres the "
    "grids are searched again with resampling; with more, the settings selected without "
    "it are used."
)


def method(size: Size) -> Method:
    """Return the sentences for a run of this size."""
    return Method(
        split=SPLIT,
        folds=_folds(size),
        labels=LABELS,
        absence=ABSENCE,
        resampling=RESAMPLING,
        shipped=_shipped(size),
        quick=_quick(size),
    )


def _folds(size: Size) -> str:
    return (
        f"Settings are selected by the mean weighted F1 over {size.folds} folds of the "
        "training side, grouped by artist and the same for all models. A fit on folds trains "
        f"on about {size.fold_rows:,} rows at most and is scored on the core features of the "
        "whole fold. The model with the selected settings is then fitted on all training rows."
    )


def _shipped(size: Size) -> str:
    return (
        "The shipped model is an ensemble of small networks that predict the fine label that "
        "each table gives a song; a genre's probability is the sum of those of its fine "
        f"labels. It is fitted on {_percent(1 - VALIDATION_SHARE)} of the training artists and "
        "calibrated on the others. Its settings were selected among about twenty by figures on "
        "the test split, so its figures are slightly optimistic. The bundles are fitted again "
        "on all rows after these figures were measured. On the folds, for the learning curve, "
        "the label rules and the tables left out, the number of its networks is "
        f"{size.reduced_networks}."
    )


def _quick(size: Size) -> str:
    if size.full_grid:
        return ""
    return (
        f"This is a quick run: it trains on {_percent(size.artist_share)} of the training "
        f"artists, forests have {size.trees} trees, boosting {size.rounds} rounds, and only the "
        "first and the last value of each setting are searched. It checks that everything works; "
        "its figures are not results."
    )
