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
    Selection,
    Slice,
    Split,
)
from model.store import SHIPPED, BundleStore
from model.subgenres import SubgenreColumn
from model.verdicts import VerdictFigures
from tests.support.factories import PRIORS, metadata, save_bundle
from training.__main__ import main
from training.card import CARD, card
from training.tables import FEEDBACK, SPOTIFY_TERMS, TABLES

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
        "| all | all | this model | 1,234 | 0.812 | 0.700 | 0.800 | 0.900 | 1.000 | 0.950 |",
        "| all | core only | this model | 1,234 | 0.778 |",
        "| all | core only | baseline | 1,234 | 0.667 |",
        "| rock | 0.931 | 0.931 | 0.931 |",
        "| electronic |  |  |  |",
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


def test_slices_by_artist_are_described() -> None:
    slices = (
        measured(slice_=Slice.ARTIST_NAMED, rows=800, weighted_f1=0.4111),
        measured(slice_=Slice.NO_ARTIST_NAMED, rows=434, weighted_f1=0.5999),
    )
    metrics = replace(METRICS, measurements=METRICS.measurements + slices)
    text = written(metrics=metrics)
    assert "0.411 on the 800 songs by named artists, none of whom are in training" in text
    assert "0.600 on the 434 songs without a named artist" in text
    assert "| artist named | core only | this model | 800 | 0.411 |" in text
    assert "| AUC | all | core only | core only, baseline |" in text


def test_selection_rule_and_outcome_are_given() -> None:
    text = written(metrics=replace(METRICS, selection=Selection("the best", "this one")))
    assert "Selected by a rule: the best. Outcome: this one." in text


def test_only_fma_has_no_spotify_values() -> None:
    assert [table.name for table in TABLES if SPOTIFY_TERMS not in table.licence] == ["fma"]


def test_card_has_coverage_and_accuracy_of_verdicts_priors_and_subgenres() -> None:
    figures = VerdictFigures(0.55, 0.31, 0.79, 0.25, None)
    text = written(
        verdicts={"plain": figures, "either": VerdictFigures(0.8), "unsure": VerdictFigures(0.0)},
        priors=PRIORS,
        prior_temper=0.5,
        subgenres=(SubgenreColumn("grunge", "rock", 0.5),),
    )
    assert "Verdict plain: 31% of the held-out songs, right for 79% of them" in text
    assert "25% and an unknown share" in text
    assert "Verdict either" not in text
    assert "Prior popular: rock 30.0%, hip-hop 60.0%, electronic 10.0%." in text
    assert "raised to the power 0.5" in text
    assert "grunge (rock)" in text


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
