"""Writes the model card from the figures in the bundles' metadata."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Final

from model.bundle import Metadata
from model.errors import NoBundle
from model.metrics import FeaturePattern, Figures, MeasuredModel, Measurement, Slice
from model.schema import CORE, MINIMUM_CORE
from model.store import SHIPPED, BundleStore
from model.verdicts import Verdict, VerdictFigures
from training.features import PATTERN_NAMES
from training.slices import SLICE_NAMES
from training.tables import ARTIST_GENRES, FEEDBACK, SPOTIFY_TERMS

CARD: Final = SHIPPED.parent / "CARD.md"

SCORES: Final[Mapping[str, Callable[[Figures], float | None]]] = {
    "weighted F1": attrgetter("weighted_f1"),
    "macro F1": attrgetter("macro_f1"),
    "accuracy": attrgetter("accuracy"),
    "top-2": attrgetter("top_2"),
    "top-3": attrgetter("top_3"),
    "mean AUC": attrgetter("mean_auc"),
    "calibration error": attrgetter("calibration_error"),
    "standard error": attrgetter("weighted_f1_error"),
}
"""Columns of the table of figures."""

MODEL_NAMES: Final[Mapping[MeasuredModel, str]] = {
    MeasuredModel.OURS: "this model",
    MeasuredModel.BASELINE: "baseline",
    MeasuredModel.WITHOUT_FEEDBACK: "without feedback",
    MeasuredModel.TABLES_PRIOR: "prior tables",
    MeasuredModel.EVEN_PRIOR: "prior even",
}

HEAD: Final = """# Model card

Generated from the metadata of the bundles by `python -m training fit` or `card`; manual changes are
overwritten."""

USE: Final = """## Intended use

Estimating in a chat what a song sounds like: the probability of each genre, from audio features
measured by third parties. The result is meant to start a conversation, and people can correct it.
A genre is stated plainly only where that is right at least three times of four; else two genres are
named, or the card says that it is hard to say.

Not intended for: decisions about payment, play or listing; judging artists; determining the one
true genre of a song, which does not exist."""

MEASURED: Final = """The true genre of a song is what most independent sources say of its artist;
they agree with one another on an artist in 88 % of cases. For the model of the original study it is
the table's label. AUC is that of one genre against the rest; mean AUC is its mean over the genres.
The calibration error is that of the most probable genre, in 15 equal bins. The standard error of
the weighted F1 is by artist. The features are those that a source provides; values that a song's
own table lacks are missing in all rows. The baseline is the random forest on eight features of the
original study, trained on the tables' labels as they are."""

LABELS: Final = """### Labels

Tables disagree about genres, so no label is taken as the truth. Each table, and each collection of
curated tracks, is a noisy annotator: the model learns the probability of the true genre, and a
label is an observation of it through the annotator's own confusion. Confusions are counted from
songs whose artist independent sources agree on, and kept fixed."""

LIMITS: Final = """## Limits

- The model sees at most thirteen numbers, not the audio, and these have measurement errors (a tempo
  is often wrong by a factor of two; the year is often that of a reissue).
- A song is not its artist: a rock band's ballad counts as rock in the figures, whatever it sounds
  like.
- The songs are mostly Western, popular and from before 2024, or from one archive of free music.
- Blues and folk are recognised worst, and are often taken for rock and country.
- Test songs resemble the training songs. On a table that is not in training, the model is clearly
  worse.
- The probabilities are calibrated on songs of these tables; on others they may be overconfident."""

SUBGENRES: Final = """A sub-genre is named where its genre is stated plainly and the sub-genre is
probable enough. How often it is right was measured on held-out artists, given the genre."""

OPEN: Final = """## Terms

Trained on open data alone: none of the tables above holds values from Spotify."""

CORRECTED: Final = """## Terms

None of the tables above holds values from Spotify. The chat's corrections have the feature values
of the answer that they are about, from any source of features; the source is not recorded. It may
have been Spotify if the bot was configured so (`SPOTIFY_AUDIO_FEATURES`), and Spotify's Developer
Policy (https://developer.spotify.com/policy, section III.14) forbids training on its content."""

POLICY: Final = """## Terms

Spotify's Developer Policy (https://developer.spotify.com/policy, section III.14) forbids users of
its platform to train a machine-learning model on Spotify content, or to use such content as a
model's input. These tables were published by others, but hold values that were read from Spotify's
Web API: {tables}.

Those bound by that policy can train on open data alone, with fewer genres and lower accuracy:
`python -m training fit --tables fma`. The bot itself requests no audio features from Spotify unless
`SPOTIFY_AUDIO_FEATURES` is set."""


def write_card(root: Path) -> Path:
    """Write the card of all current bundles in the folder `root` and return its path.

    The card of the shipped bundles is `model/CARD.md`; any other is in the folder of its bundles.
    Raises BundleError.
    """
    store = BundleStore(root)
    bundles = [store.load(name).metadata for name in store.names()]
    if not bundles:
        raise NoBundle(f"there are no bundles in {root}")
    path = CARD if root.resolve() == SHIPPED else root / CARD.name
    path.write_text(card(bundles), encoding="utf-8")
    return path


def card(bundles: Sequence[Metadata]) -> str:
    """Return the card of `bundles` as Markdown."""
    return "\n\n".join([HEAD, USE, *map(_model, bundles), LIMITS, _terms(bundles)]) + "\n"


def describe(measurement: Measurement) -> tuple[str, str, str]:
    """Return the names of a measurement's slice, features and model."""
    return (
        SLICE_NAMES[measurement.slice],
        PATTERN_NAMES[measurement.features],
        MODEL_NAMES[measurement.model],
    )


def _model(metadata: Metadata) -> str:
    blocks = [
        f"## Model `{metadata.name}`, version `{metadata.version}`",
        _inputs(metadata),
        "### Data",
        _data(metadata),
        LABELS if any(entry["name"] == ARTIST_GENRES for entry in metadata.data) else "",
        "### Figures",
        f"Split: {metadata.metrics.split or 'not described'}.",
        _figures(metadata),
        MEASURED,
        _by_genre(metadata),
        _subgenres(metadata),
        "Made with " + ", ".join(f"{name} {v}" for name, v in metadata.libraries.items()) + ".",
    ]
    return "\n\n".join(filter(None, blocks))


def _inputs(metadata: Metadata) -> str:
    return (
        f"- {len(metadata.genres)} genres: {', '.join(metadata.genres)}.\n"
        f"- {len(metadata.features)} features: {', '.join(metadata.features)}. Any may be missing "
        f"as long as {MINIMUM_CORE} of the first {len(CORE)} are given.\n"
        f"{_verdicts(metadata.verdicts)}{_priors(metadata)}"
    )


def _verdicts(verdicts: Mapping[str, VerdictFigures]) -> str:
    plain, either = verdicts[Verdict.PLAIN], verdicts[Verdict.EITHER]
    rule = (
        f"- A verdict is plain if the first genre has a probability of at least "
        f"{plain.threshold:g}, either if the first two together have {either.threshold:g}, "
        "else unsure."
    )
    lines = [
        f"- Verdict {name}: {_share(figures.coverage)} of the held-out songs, right for "
        f"{_share(figures.accuracy)} of them; given the core features alone, "
        f"{_share(figures.coverage_core)} and {_share(figures.accuracy_core)}."
        for name, figures in verdicts.items()
        if figures.coverage is not None
    ]
    return "\n".join([rule, *lines])


def _share(figure: float | None) -> str:
    return "an unknown share" if figure is None else f"{figure:.0%}"


def _priors(metadata: Metadata) -> str:
    lines = [
        f"- Prior {name}: {', '.join(f'{genre} {share:.1%}' for genre, share in shares.items())}."
        for name, shares in metadata.priors.items()
    ]
    if lines:
        lines.append(f"- The ratio of two priors is raised to the power {metadata.prior_temper:g}.")
    return "".join(f"\n{line}" for line in lines)


def _subgenres(metadata: Metadata) -> str:
    """Return the table of sub-genres, with how often they are right given the parent genre."""
    if not metadata.subgenres:
        return ""
    rows = [
        (one.parent, one.name, f"{one.threshold:.2f}", _score(one.accuracy), str(one.songs or ""))
        for one in metadata.subgenres
    ]
    head = ("genre", "sub-genre", "named from", "right", "songs")
    return "### Sub-genres\n\n" + SUBGENRES + "\n\n" + _table(head, rows)


def _data(metadata: Metadata) -> str:
    rows = [
        (
            entry["name"],
            f"{entry['rows']:,}",
            ", ".join(f"{genre} {n:,}" for genre, n in entry.get("rows_by_genre", {}).items()),
            entry.get("source", ""),
            entry["licence"],
        )
        for entry in metadata.data
    ]
    return _table(("table", "rows", "labels", "source", "licence"), rows)


def _figures(metadata: Metadata) -> str:
    rows = [
        (
            *describe(measurement),
            f"{measurement.figures.rows:,}",
            *(_score(score(measurement.figures)) for score in SCORES.values()),
        )
        for measurement in metadata.metrics.measurements
    ]
    return _table(("test songs", "features", "model", "songs", *SCORES), rows)


def _by_genre(metadata: Metadata) -> str:
    """Return the table of F1 and AUC by genre, on the whole test split; slices would be too wide.

    It holds the effect of each prior, too.
    """
    measured = [
        one
        for one in metadata.metrics.of(Slice.ALL).measurements
        if one.features in (FeaturePattern.ALL, FeaturePattern.CORE)
    ]
    titles = {"F1": "genre_f1", "AUC": "auc"}
    names, columns = [], []
    for title, field in titles.items():
        for one in measured:
            values = getattr(one.figures, field)
            prior = one.model in (MeasuredModel.TABLES_PRIOR, MeasuredModel.EVEN_PRIOR)
            if values and not (prior and field == "auc"):
                _, features, model = describe(one)
                ours = one.model is MeasuredModel.OURS
                names.append(f"{title}, {features}" + ("" if ours else f", {model}"))
                columns.append(values)
    rows = [
        (genre, *(_score(column.get(genre)) for column in columns)) for genre in metadata.genres
    ]
    return _table(("genre", *names), rows)


def _terms(bundles: Sequence[Metadata]) -> str:
    names = dict.fromkeys(
        str(entry["name"])
        for metadata in bundles
        for entry in metadata.data
        if SPOTIFY_TERMS in entry["licence"]
    )
    if names:
        return POLICY.format(tables=", ".join(names))
    used = {str(entry["name"]) for metadata in bundles for entry in metadata.data}
    return CORRECTED if FEEDBACK in used else OPEN


def _score(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
