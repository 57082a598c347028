"""The README says what is true: its figures are the bundles', its commands exist."""

import re

import pytest

from model.metrics import FeaturePattern, MeasuredModel, Slice
from model.store import BundleStore
from tests.conftest import ROOT
from training import figures

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIGURES = ("weighted_f1", "macro_f1", "top_3", "mean_auc", "calibration_error")


@pytest.mark.parametrize(
    ("row", "model", "pattern"),
    [
        ("`study`, the 8 features", "study", FeaturePattern.CORE),
        ("`wide`, the 8 features", "wide", FeaturePattern.CORE),
        ("`wide`, and loudness, key, mode", "wide", FeaturePattern.NO_DURATION),
        ("`wide`, and duration", "wide", FeaturePattern.ALL),
        ("the study's recipe, 3 genres", "study", None),
        ("the study's recipe, 13 genres", "wide", None),
    ],
)
def test_the_figures_are_those_that_the_bundles_carry(
    row: str, model: str, pattern: FeaturePattern | None
) -> None:
    metrics = BundleStore().load(model).metadata.metrics
    measured = (
        metrics.figures(features=pattern)
        if pattern
        else metrics.figures(model=MeasuredModel.BASELINE)
    )
    (line,) = (line for line in README.splitlines() if line.startswith(f"| {row} |"))
    cells = [cell.strip() for cell in line.strip("|").split("|")][1:]
    assert cells == [f"{getattr(measured, figure):.3f}" for figure in FIGURES]


def test_what_it_says_of_the_study_is_what_the_committed_figures_say() -> None:
    found = figures.read(figures.COMMITTED)
    prose = " ".join(README.split())
    for task, words in (("study", "three genres"), ("wide", "thirteen")):
        result = found.task(task)
        ours, boosting, nine = (
            f"{result.model(key).score().weighted_f1:.3f}"
            for key in (figures.ENSEMBLE, "boosting", result.best_of_study)
        )
        said = f"on {words}: {ours}, boosting {boosting}, the best of the nine {nine}"
        assert said in prose.replace("the study's nine", "the nine")
        assert result.best == figures.ENSEMBLE
        folds = sorted(one.fold for one in result.models)
        assert folds[-1] - folds[-2] <= result.model(figures.ENSEMBLE).error, "no more a chance"
    away = sorted(one.ours for one in found.left_out_tables)
    missed = [one.table for one in found.left_out_tables if one.ours <= one.baseline]
    assert (
        f"reaches {away[0]:.3f} to {away[-1]:.3f}: better than the recipe on "
        f"{len(away) - len(missed)} of {len(away)}, not on {' and '.join(missed)}."
    ) in prose


def test_songs_with_and_without_a_named_artist_are_told_apart() -> None:
    metrics = BundleStore().load("wide").metadata.metrics
    named, unnamed = metrics.figures(Slice.ARTIST_NAMED), metrics.figures(Slice.NO_ARTIST_NAMED)
    baseline = metrics.figures(Slice.ARTIST_NAMED, model=MeasuredModel.BASELINE)
    assert (
        f"{named.weighted_f1:.3f} on the {named.rows:,} songs by artists not in training "
        f"(recipe {baseline.weighted_f1:.3f}), {unnamed.weighted_f1:.3f} on the other "
        f"{unnamed.rows:,}."
    ) in " ".join(README.split())


def test_it_stays_short_and_its_pictures_and_links_exist() -> None:
    assert len(README.splitlines()) < 150
    local = re.findall(r'(?:src|srcset)="([^"]+)"|\]\((?!http)([^)#]+)\)', README)
    for path in (first or second for first, second in local):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("target", ["run", "test", "lint", "bench", "picture", "install"])
def test_the_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
