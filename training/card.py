"""The model card: what the bundles are for, made of and worth; all figures are their metadata's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from model.bundle import Metadata
from model.errors import NoBundle
from model.schema import CORE, MINIMUM_CORE
from model.store import SHIPPED, BundleStore
from training.fit import BASELINE
from training.slices import ARTIST_NAMED, NO_ARTIST_NAMED, NO_SHARED_CREDIT
from training.tables import FEEDBACK, SPOTIFY_TERMS

CARD: Final = SHIPPED.parent / "CARD.md"

FIGURES: Final[Mapping[str, str]] = {
    "rows": "songs",
    "weighted_f1": "weighted F1",
    "macro_f1": "macro F1",
    "accuracy": "accuracy",
    "top_2": "top-2",
    "top_3": "top-3",
    "mean_auc": "mean AUC",
    "calibration_error": "calibration error",
}
"""The figures that are shown, and how they are called."""

HEAD: Final = """# Model card

Written from the figures that the bundles carry (`python -m training fit`, or `card` alone); what is
changed here by hand is lost the next time."""

USE: Final = """## Intended use

To say in a chat what a song sounds like: the probability of each genre, from audio features that
somebody else measured. It is a start of a conversation, for fun and curiosity, and it takes part in
it by learning from corrections. Close and unsure predictions are marked as such.

Not for: deciding what anybody is paid, played or listed under; judging artists; naming the one true
genre of a song, which there is not."""

MEASURED: Final = """AUC is one genre against the rest, its mean over the genres. The calibration
error is that of the best genre's probability, in 15 equal bins. *all*, *no duration* and so on are
what a source of features leaves out; what a song's own table lacks is absent in all of them. The
study's recipe is the random forest on eight features that this project grew out of."""

LIMITS: Final = """## Limits

- It sees at most twelve numbers, not the music, and the numbers carry the errors of whoever
  measured them (a tempo is easily off by a factor of two).
- Sources disagree about genres: two tables that hold the same recording agree in a third to two
  thirds of the cases, depending on the tables. The figures count every disagreement as a mistake.
- The songs are mostly Western, popular and from before 2022, or from one archive of free music.
- What a model was tested on is like what it was trained on. On a table that it has never seen, it
  does markedly worse.
- The probabilities are calibrated on songs of these tables; elsewhere they may be too sure."""

OPEN: Final = """## Terms

Trained on open data alone: none of the tables above holds values from Spotify."""

CORRECTED: Final = """## Terms

None of the tables above holds values from Spotify. The chat's corrections came with the feature
values that were asked about, from whichever source answered then; that source is not recorded, and
may have been Spotify where the bot was told to ask it (`SPOTIFY_AUDIO_FEATURES`), whose Developer
Policy (https://developer.spotify.com/policy, section III.14) forbids to train on its content."""

POLICY: Final = """## Terms

Spotify's Developer Policy (https://developer.spotify.com/policy, section III.14) forbids those who
use its platform to train a machine-learning model on Spotify content, or to feed such content into
one. These tables were published by others, but hold values once read from Spotify's Web API:
{tables}.

Whoever is bound by that policy trains on open data alone, with fewer genres and less skill:
`python -m training fit --tables fma`. The bot itself asks Spotify for no audio features unless
`SPOTIFY_AUDIO_FEATURES` is set."""


def write_card(root: Path) -> Path:
    """Write the card of all current bundles in the folder `root`; return where it is.

    That of the shipped bundles stands beside the code that serves them, any other in its folder.
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


def _model(metadata: Metadata) -> str:
    blocks = [
        f"## Model `{metadata.name}`, version `{metadata.version}`",
        _inputs(metadata),
        "### Data",
        _data(metadata),
        "### Figures",
        f"Split: {metadata.metrics.get('split', 'not said')}.",
        _chosen(metadata),
        _figures(metadata),
        _parts(metadata),
        MEASURED,
        _auc(metadata),
        "Made with " + ", ".join(f"{name} {v}" for name, v in metadata.libraries.items()) + ".",
    ]
    return "\n\n".join(filter(None, blocks))


def _chosen(metadata: Metadata) -> str:
    chosen = metadata.metrics.get("chosen")
    if not chosen:
        return ""
    return f"Chosen by a rule: {chosen['rule']}. Outcome: {chosen['outcome']}."


def _parts(metadata: Metadata) -> str:
    """Say what the test split's parts are, with their figures on the core features."""
    told = {
        ARTIST_NAMED: "songs by named artists, none of whom it heard",
        NO_SHARED_CREDIT: "of these whose artist leads no other credit that it heard",
        NO_ARTIST_NAMED: "songs without a named artist, split by upload or recording",
    }
    found = {
        part: figures["core only"]
        for part in told
        if "core only" in (figures := metadata.metrics.get(f"test, {part}", {}))
    }
    if not found:
        return ""
    said = [
        f"{_written(figures['weighted_f1'])} on the {figures['rows']:,} {told[part]}"
        for part, figures in found.items()
    ]
    return (
        '"Artists it never heard" holds where an artist is named. Apart, the weighted F1 on the '
        f"eight features is {'; '.join(said)}."
    )


def _inputs(metadata: Metadata) -> str:
    return (
        f"- {len(metadata.genres)} genres: {', '.join(metadata.genres)}.\n"
        f"- {len(metadata.features)} features: {', '.join(metadata.features)}. Any may be missing "
        f"as long as {MINIMUM_CORE} of the first {len(CORE)} are there.\n"
        f"- A prediction is close when its first two genres are less than "
        f"{metadata.close_margin:g} apart, and unsure when the first is below "
        f"{metadata.unsure_below:g}; both bounds were measured on held-out songs."
    )


def _data(metadata: Metadata) -> str:
    rows = [
        (
            entry["name"],
            f"{entry['rows']:,}",
            ", ".join(f"{genre} {n:,}" for genre, n in entry.get("rows_by_genre", {}).items())
            or "none: learnt from, not asked about",
            entry.get("source", ""),
            entry["licence"],
        )
        for entry in metadata.data
    ]
    return _table(("table", "rows", "of them with a genre", "source", "licence"), rows)


def _figures(metadata: Metadata) -> str:
    rows = [
        (name, *(_written(figures.get(figure)) for figure in FIGURES))
        for name, figures in measurements(metadata)
    ]
    return _table(("", *FIGURES.values()), rows)


def _auc(metadata: Metadata) -> str:
    # Of the test split's parts and of two tables' agreement there are too many columns for a page.
    whole = ("test", f"test, {BASELINE}")
    metrics = {name: metadata.metrics[name] for name in whole if name in metadata.metrics}
    found = measurements(replace(metadata, metrics=metrics))
    measured = [(name, figures["auc"]) for name, figures in found]
    rows = [
        (genre, *(_written(auc.get(genre)) for _, auc in measured)) for genre in metadata.genres
    ]
    return _table(("AUC", *(name for name, _ in measured)), rows)


def measurements(metadata: Metadata) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every set of figures in the metadata, named by its split."""
    for name, figures in metadata.metrics.items():
        if isinstance(figures, Mapping) and "auc" in figures:
            yield name, figures
        elif isinstance(figures, Mapping):
            for pattern, inner in figures.items():
                if isinstance(inner, Mapping) and "auc" in inner:
                    yield f"{name}, {pattern}", inner


def _terms(bundles: Sequence[Metadata]) -> str:
    names = dict.fromkeys(
        str(entry["name"])
        for metadata in bundles
        for entry in metadata.data
        if SPOTIFY_TERMS in entry["licence"]
    )
    if names:
        return POLICY.format(tables=", ".join(names))
    taught = {str(entry["name"]) for metadata in bundles for entry in metadata.data}
    return CORRECTED if FEEDBACK in taught else OPEN


def _written(figure: float | None) -> str:
    if figure is None:
        return ""
    return f"{figure:,}" if isinstance(figure, int) else f"{figure:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
