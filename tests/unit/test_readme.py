"""The README says what is true: its figures are the bundles', its commands exist."""

import re

import pytest

from model.store import BundleStore
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIGURES = ("weighted_f1", "macro_f1", "top_3", "mean_auc", "calibration_error")


@pytest.mark.parametrize(
    ("row", "model", "pattern"),
    [
        ("`study`, the 8 features", "study", "core only"),
        ("`wide`, the 8 features", "wide", "core only"),
        ("`wide`, and loudness, key, mode", "wide", "no duration"),
        ("`wide`, and duration", "wide", "all"),
        ("the study's recipe, 3 genres", "study", None),
        ("the study's recipe, 13 genres", "wide", None),
    ],
)
def test_the_figures_are_those_that_the_bundles_carry(
    row: str, model: str, pattern: str | None
) -> None:
    metrics = BundleStore().load(model).metadata.metrics
    measured = metrics["test"][pattern] if pattern else metrics["test, the study's recipe"]
    (line,) = (line for line in README.splitlines() if line.startswith(f"| {row} |"))
    cells = [cell.strip() for cell in line.strip("|").split("|")][1:]
    assert cells == [f"{measured[figure]:.3f}" for figure in FIGURES]


def test_it_stays_short_and_its_pictures_and_links_exist() -> None:
    assert len(README.splitlines()) < 150
    local = re.findall(r'(?:src|srcset)="([^"]+)"|\]\((?!http)([^)#]+)\)', README)
    for path in (first or second for first, second in local):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("target", ["run", "test", "lint", "bench", "picture", "install"])
def test_the_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
