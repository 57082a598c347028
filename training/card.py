"""Writes the model card from the figures in the bundles' metadata, by the template `card.md.j2`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from model.bundle import Metadata
from model.errors import NoBundle
from model.metrics import FeaturePattern, Figures, MeasuredModel, Measurement, Slice
from model.priors import CALIBRATED_PRIOR, DEFAULT_PRIOR
from model.schema import CORE, MINIMUM_CORE
from model.store import SHIPPED, BundleStore
from training.annotators import ARTIST_ACCURACY
from training.names import MODEL_NAMES, PATTERN_NAMES, SLICE_NAMES
from training.tables import ARTIST_GENRES, FEEDBACK, SPOTIFY_TERMS
from training.templates import rendered, score

CARD: Final = SHIPPED.parent / "CARD.md"
TEMPLATE: Final = "card.md.j2"

SCORES: Final[Mapping[str, Callable[[Figures], float | None]]] = {
    "weighted F1": attrgetter("weighted_f1"),
    "standard error": attrgetter("weighted_f1_error"),
    "macro F1": attrgetter("macro_f1"),
    "accuracy": attrgetter("accuracy"),
    "top-2": attrgetter("top_2"),
    "top-3": attrgetter("top_3"),
    "mean AUC": attrgetter("mean_auc"),
    "calibration error": attrgetter("calibration_error"),
}
"""Columns of the table of figures."""

OTHER_PRIORS: Final = {
    MeasuredModel.TABLES_PRIOR: CALIBRATED_PRIOR,
    MeasuredModel.OURS: DEFAULT_PRIOR,
    MeasuredModel.EVEN_PRIOR: "even",
}
"""The prior under which a model was measured."""

MAIN_PATTERNS: Final = (FeaturePattern.WITH_YEAR, FeaturePattern.ALL, FeaturePattern.CORE)
"""Patterns that the card shows for slices of the test songs."""

WORST: Final = 3
"""Number of genres that the card calls recognised worst."""


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
    entries = [entry for one in bundles for entry in one.data]
    spotify = [entry["name"] for entry in entries if SPOTIFY_TERMS in entry["licence"]]
    return rendered(
        TEMPLATE,
        models=[_model(one) for one in bundles],
        minimum=MINIMUM_CORE,
        core=len(CORE),
        artist_accuracy=ARTIST_ACCURACY,
        default_prior=DEFAULT_PRIOR,
        calibrated_prior=CALIBRATED_PRIOR,
        figure_titles=("test songs", "features", "model", "songs", *SCORES),
        worst=", ".join(_worst(bundles)),
        spotify=", ".join(dict.fromkeys(spotify)),
        corrected=any(entry["name"] == FEEDBACK for entry in entries),
    )


def describe(measurement: Measurement) -> tuple[str, str, str]:
    """Return the names of a measurement's slice, features and model."""
    return (
        SLICE_NAMES[measurement.slice],
        PATTERN_NAMES[measurement.features],
        MODEL_NAMES[measurement.model],
    )


def _model(metadata: Metadata) -> dict[str, Any]:
    """Return what the template shows of one model."""
    genre_titles, genre_rows = _genres(metadata)
    prior_titles, prior_rows = _priors(metadata)
    return asdict(metadata) | {
        "libraries": ", ".join(f"{name} {v}" for name, v in metadata.libraries.items()),
        "by_artist": any(entry["name"] == ARTIST_GENRES for entry in metadata.data),
        "data_rows": [_data(entry) for entry in metadata.data],
        "figure_rows": list(_figures(metadata)),
        "genre_titles": genre_titles,
        "genre_rows": genre_rows,
        "prior_titles": prior_titles,
        "prior_rows": prior_rows,
    }


def _data(entry: Mapping[str, Any]) -> tuple[str, ...]:
    labels = ", ".join(f"{genre} {n:,}" for genre, n in entry.get("rows_by_genre", {}).items())
    return entry["name"], f"{entry['rows']:,}", labels, entry.get("source", ""), entry["licence"]


def _figures(metadata: Metadata) -> Iterator[tuple[str, ...]]:
    """Yield a row for each measurement; the effect of priors has a table of its own."""
    for one in metadata.metrics.measurements:
        prior = one.model in OTHER_PRIORS and one.model is not MeasuredModel.OURS
        if not prior and (one.slice is Slice.ALL or one.features in MAIN_PATTERNS):
            scores = (score(of(one.figures)) for of in SCORES.values())
            yield (*describe(one), f"{one.figures.rows:,}", *scores)


def _genres(metadata: Metadata) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the table of F1 and AUC by genre, on the whole test split."""
    measured = [
        one
        for one in metadata.metrics.of(Slice.ALL).measurements
        if one.features in MAIN_PATTERNS
        and one.model in (MeasuredModel.OURS, MeasuredModel.BASELINE)
    ]
    titles, columns = ["genre"], []
    for title, field in (("F1", "genre_f1"), ("AUC", "auc")):
        for one in measured:
            if values := getattr(one.figures, field):
                _, features, model = describe(one)
                ours = one.model is MeasuredModel.OURS
                titles.append(f"{title}, {features}" + ("" if ours else f", {model}"))
                columns.append(values)
    return titles, [
        (genre, *(score(column.get(genre)) for column in columns)) for genre in metadata.genres
    ]


def _priors(metadata: Metadata) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the table of the priors: the share of each genre, and its F1 given the core."""
    titles = ["genre", *metadata.priors]
    columns: list[Mapping[str, float]] = list(metadata.priors.values())
    for slice_ in (Slice.ALL, Slice.POPULAR):
        for model, prior in OTHER_PRIORS.items():
            if found := metadata.metrics.find(slice_, FeaturePattern.CORE, model):
                titles.append(f"F1, {SLICE_NAMES[slice_]} songs, core only, {prior}")
                columns.append(found.genre_f1)
    return titles, [
        (genre, *(score(column.get(genre)) for column in columns)) for genre in metadata.genres
    ]


def _worst(bundles: Sequence[Metadata]) -> list[str]:
    """Return the genres with the lowest F1 of the model with most genres."""
    largest = max(bundles, key=lambda one: len(one.genres))
    measured = largest.metrics.find(Slice.ALL, FeaturePattern.CORE)
    f1 = measured.genre_f1 if measured else {}
    return sorted(f1, key=lambda genre: f1[genre])[:WORST]
