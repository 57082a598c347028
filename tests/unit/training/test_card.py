"""The model card says what the bundles say of themselves."""

from pathlib import Path
from typing import Any

import pytest

from model.store import SHIPPED, BundleStore
from tests.support.factories import metadata, save_bundle
from training.__main__ import main
from training.card import CARD, card
from training.slices import ARTIST_NAMED, NO_ARTIST_NAMED
from training.tables import FEEDBACK, SPOTIFY_TERMS, TABLES

FIGURES = {
    "rows": 1234,
    "weighted_f1": 0.8125,
    "macro_f1": 0.7,
    "accuracy": 0.8,
    "top_2": 0.9,
    "top_3": 1.0,
    "mean_auc": 0.95,
    "auc": {"rock": 0.9312, "hip-hop": 0.97},
    "calibration_error": 0.0213,
}
METRICS = {
    "split": "test: one artist in five",
    "test": {"all": FIGURES, "core only": FIGURES | {"weighted_f1": 0.7777}},
    "test, the study's recipe": FIGURES | {"weighted_f1": 0.6666},
}
OPEN = {"name": "fma", "rows": 11280, "rows_by_genre": {"rock": 3337}, "licence": "CC BY 4.0"}
SPOTIFY = {"name": "billboard", "rows": 5, "rows_by_genre": {}, "licence": f"x; {SPOTIFY_TERMS}"}


def written(**fields: Any) -> str:
    """Write the card of one made-up model."""
    return card([metadata(**({"metrics": METRICS, "data": (OPEN, SPOTIFY)} | fields))])


@pytest.mark.parametrize(
    "part",
    [
        "## Intended use",
        "## Limits",
        "## Model `tiny`, version `1`",
        "3 genres: rock, hip-hop, electronic",
        "less than 0.1 apart",
        "Split: test: one artist in five.",
        "| test, all | 1,234 | 0.812 | 0.700 | 0.800 | 0.900 | 1.000 | 0.950 | 0.021 |",
        "| test, core only | 1,234 | 0.778 |",
        "| test, the study's recipe | 1,234 | 0.667 |",
        "| rock | 0.931 | 0.931 | 0.931 |",
        "| electronic |  |  |  |",
        "| fma | 11,280 | rock 3,337 |",
    ],
)
def test_the_card_holds(part: str) -> None:
    assert part in written()


def test_tables_with_spotifys_values_come_with_its_policy() -> None:
    text = written()
    assert "section III.14" in text
    assert "Spotify's Web API:\nbillboard." in text
    assert "--tables fma" in text


def test_open_data_alone_is_said() -> None:
    text = written(data=(OPEN,))
    assert "Trained on open data alone" in text
    assert "III.14" not in text


def test_the_chats_corrections_are_no_open_data() -> None:
    text = written(data=(OPEN, {"name": FEEDBACK, "rows": 3, "licence": "given"}))
    assert "open data alone" not in text
    assert "came with the feature\nvalues that were asked about" in text
    assert "III.14" in text


def test_what_artists_never_heard_holds_for_is_said_with_both_figures() -> None:
    parts = {
        f"test, {ARTIST_NAMED}": {"core only": FIGURES | {"rows": 800, "weighted_f1": 0.4111}},
        f"test, {NO_ARTIST_NAMED}": {"core only": FIGURES | {"rows": 434, "weighted_f1": 0.5999}},
    }
    text = written(metrics=METRICS | parts)
    assert "0.411 on the 800 songs by named artists, none of whom it heard" in text
    assert "0.600 on the 434 songs without a named artist" in text
    assert f"| test, {ARTIST_NAMED}, core only | 800 | 0.411 |" in text
    assert "| AUC | test, all | test, core only | test, the study's recipe |" in text


def test_the_rule_that_chose_the_model_and_its_outcome_are_said() -> None:
    text = written(metrics=METRICS | {"chosen": {"rule": "the best", "outcome": "this one"}})
    assert "Chosen by a rule: the best. Outcome: this one." in text


def test_only_fma_is_free_of_spotifys_values() -> None:
    assert [table.name for table in TABLES if SPOTIFY_TERMS not in table.licence] == ["fma"]


def test_the_card_stands_beside_the_bundles_it_describes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_bundle(tmp_path, metrics=METRICS, data=(OPEN,))
    before = CARD.read_bytes()
    assert main(["card", "--bundles", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "CARD.md")
    assert (tmp_path / "CARD.md").read_text() == written(data=(OPEN,))
    assert CARD.read_bytes() == before


def test_no_bundles_is_one_sentence_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["card", "--bundles", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"there are no bundles in {tmp_path}\n"


def test_the_shipped_card_gives_the_figures_of_the_shipped_bundles() -> None:
    store = BundleStore(SHIPPED)
    shipped = [store.load(name).metadata for name in store.names()]
    assert CARD.read_text(encoding="utf-8") == card(shipped), "python -m training card"
