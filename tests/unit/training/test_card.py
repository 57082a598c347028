"""The model card gives the metadata of the bundles."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.metrics import (
    FeaturePattern,
    Figures,
    MeasuredModel,
    Measurement,
    Metrics,
    Slice,
    Split,
)
from model.store import SHIPPED, BundleStore
from model.subgenres import SubgenreColumn
from model.verdicts import VerdictFigures
from tests.support.factories import PRIORS, metadata, save_bundle
from training.__main__ import main
from training.card import CARD, card
from training.tables import ARTIST_GENRES, FEEDBACK, SPOTIFY_TERMS, TABLES

FIGURES = Figures(
    rows=1234,
    weighted_f1=0.8125,
    macro_f1=0.7,
    accuracy=0.8,
    top_2=0.9,
    top_3=1.0,
    mean_auc=0.95,
    auc={"rock": 0.9312, "hip-hop": 0.97},
    calibration_error=0.0213,
    weighted_f1_error=0.0123,
    genre_f1={"rock": 0.6543, "hip-hop": 0.7},
)


def measured(
    features: FeaturePattern = FeaturePattern.CORE,
    slice_: Slice = Slice.ALL,
    model: MeasuredModel = MeasuredModel.OURS,
    **changes: Any,
) -> Measurement:
    """Return a measurement."""
    return Measurement(Split.TEST, slice_, features, model, replace(FIGURES, **changes))


METRICS = Metrics(
    "test: one artist in five",
    None,
    (
        measured(FeaturePattern.ALL),
        measured(weighted_f1=0.7777),
        measured(model=MeasuredModel.BASELINE, weighted_f1=0.6666),
    ),
)
OPEN = {"name": "fma", "rows": 11280, "rows_by_genre": {"rock": 3337}, "licence": "CC BY 4.0"}
SPOTIFY = {"name": "billboard", "rows": 5, "rows_by_genre": {}, "licence": f"x; {SPOTIFY_TERMS}"}


def written(**fields: Any) -> str:
    """Return the card of one model."""
    known: dict[str, Any] = {"metrics": METRICS, "data": (OPEN, SPOTIFY)}
    return card([metadata(**(known | fields))])


@pytest.mark.parametrize(
    "part",
    [
        "## Intended use",
        "## Limits",
        "## Model `tiny`, version `1`",
        "3 genres: rock, hip-hop, electronic",
        "plain if the first genre has a probability of at least 0.6, either if the first two",
        "Split: test: one artist in five.",
        "| all | all | this model | 1,234 | 0.812 | 0.012 | 0.700 | 0.800 |",
        "| 0.800 | 0.900 | 1.000 | 0.950 | 0.021 |",
        "| songs | weighted F1 | standard error | macro F1 |",
        "| all | core only | this model | 1,234 | 0.778 |",
        "| all | core only | baseline | 1,234 | 0.667 |",
        "| genre | F1, all | F1, core only | F1, core only, baseline | AUC, all | AUC, core only |",
        "| AUC, core only | AUC, core only, baseline |",
        "| rock | 0.654 | 0.654 | 0.654 | 0.931 | 0.931 | 0.931 |",
        "| electronic |  |  |  |  |  |  |",
        "| fma | 11,280 | rock 3,337 |",
    ],
)
def test_card_contains(part: str) -> None:
    assert part in written()


def test_tables_with_spotify_values_add_the_policy() -> None:
    text = written()
    assert "section III.14" in text
    assert "Spotify's\nWeb API: billboard." in text
    assert "--tables fma" in text


def test_open_data_is_stated() -> None:
    text = written(data=(OPEN,))
    assert "Trained on open data alone" in text
    assert "III.14" not in text


def test_labels_from_the_chat_are_not_open_data() -> None:
    text = written(data=(OPEN, {"name": FEEDBACK, "rows": 3, "licence": "given"}))
    assert "open data alone" not in text
    assert "have the feature values\nof the answer" in text
    assert "III.14" in text


def with_measurements(*more: Measurement) -> str:
    """Return the card of a model with more measurements."""
    return written(metrics=replace(METRICS, measurements=METRICS.measurements + more))


@pytest.mark.parametrize(
    ("slice_", "title"),
    [
        (Slice.CLEAR, "sources agree clearly"),
        (Slice.POPULAR, "tables of hits"),
        (Slice.TABLE_LABELS, "tables' own labels"),
    ],
)
def test_slices_have_a_row_and_are_not_in_the_table_by_genre(slice_: Slice, title: str) -> None:
    text = with_measurements(measured(slice_=slice_, rows=800, genre_f1={"rock": 0.1111}))
    assert f"| {title} | core only | this model | 800 |" in text
    assert "0.111" not in text


def test_late_years_have_a_row() -> None:
    text = with_measurements(measured(FeaturePattern.WITH_YEAR), measured(FeaturePattern.LATE_YEAR))
    assert "| all | all, and the year | this model |" in text
    assert "| all | all, and the year, a third of them late | this model |" in text


def test_priors_have_their_shares_and_their_effect_by_genre() -> None:
    other = measured(model=MeasuredModel.TABLES_PRIOR, genre_f1={"rock": 0.2222}, rows=77)
    metrics = replace(METRICS, measurements=(*METRICS.measurements, other))
    text = written(metrics=metrics, priors=PRIORS, prior_temper=0.5)
    titles = ("all songs, core only, tables", "all songs, core only, popular")
    head = " | ".join(("genre", "tables", "popular", "even", *(f"F1, {one}" for one in titles)))
    assert f"| {head} |" in text
    assert "| rock | 0.600 | 0.300 | 0.333 | 0.222 | 0.654 |" in text
    assert "to the power of 0.5" in text
    assert "| 77 |" not in text
    assert "Shares of the priors" not in written()


def test_patterns_between_are_given_for_all_songs_alone() -> None:
    text = with_measurements(
        measured(FeaturePattern.NO_DURATION, rows=55),
        measured(FeaturePattern.NO_DURATION, Slice.CLEAR, rows=66),
    )
    assert "| all | no duration | this model | 55 |" in text
    assert "| 66 |" not in text


def test_figures_that_were_not_measured_are_empty() -> None:
    old = measured(weighted_f1_error=None, genre_f1={})
    text = written(metrics=replace(METRICS, measurements=(old,)))
    assert "| 1,234 | 0.812 |  | 0.700 |" in text
    assert "| genre | AUC, core only |" in text
    assert "recognised worst" not in text


def test_genres_with_the_lowest_figures_are_named() -> None:
    f1 = {"rock": 0.9, "hip-hop": 0.2, "electronic": 0.4, "jazz": 0.3}
    text = written(metrics=replace(METRICS, measurements=(measured(genre_f1=f1),)))
    assert "by their F1: hip-hop, jazz, electronic." in text


def test_noisy_labels_are_explained_where_artists_genres_are_used() -> None:
    artists = {"name": ARTIST_GENRES, "rows": 20, "licence": "facts", "source": "Last.fm"}
    text = written(data=(OPEN, artists))
    assert "each collection of\ncurated tracks, is a noisy annotator" in text
    assert "| artist_genres | 20 |  | Last.fm | facts |" in text
    assert "noisy annotator" not in written()


def test_only_fma_has_no_spotify_values() -> None:
    assert [table.name for table in TABLES if SPOTIFY_TERMS not in table.licence] == ["fma"]


def test_verdicts_have_coverage_and_accuracy_if_measured() -> None:
    plain = VerdictFigures(0.55, 0.31, 0.79, 0.25, None)
    either = VerdictFigures(0.8)
    text = written(verdicts={"plain": plain, "either": either, "unsure": VerdictFigures(0.0)})
    assert "| plain | the first genre | 31% | 79% | 25% |  |" in text
    assert "| either |" not in text
    assert "### Verdicts" not in written()


def test_subgenres_have_their_figures() -> None:
    grunge = SubgenreColumn("grunge", "rock", 0.5)
    text = written(subgenres=(grunge, SubgenreColumn("dub", "reggae", 0.65, 0.8125, 32)))
    assert "| rock | grunge | 0.50 |  |  |" in text
    assert "| reggae | dub | 0.65 | 0.812 | 32 |" in text
    assert "### Sub-genres" not in written()


def test_card_is_written_to_the_folder_of_the_bundles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_bundle(tmp_path, metrics=METRICS, data=(OPEN,))
    before = CARD.read_bytes()
    assert main(["card", "--bundles", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "CARD.md")
    assert (tmp_path / "CARD.md").read_text() == written(data=(OPEN,))
    assert CARD.read_bytes() == before


def test_missing_bundles_are_a_one_line_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["card", "--bundles", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"there are no bundles in {tmp_path}\n"


def test_committed_card_is_up_to_date() -> None:
    store = BundleStore(SHIPPED)
    shipped = [store.load(name).metadata for name in store.names()]
    assert CARD.read_text(encoding="utf-8") == card(shipped), "python -m training card"
