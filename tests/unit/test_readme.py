"""The README says what is true: its figures are the bundles', its commands exist."""

import re

import pytest

from model.store import BundleStore
from tests.conftest import ROOT
from training import figures
from training.slices import ARTIST_NAMED, NO_ARTIST_NAMED

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


def test_what_it_says_of_the_study_is_what_the_committed_figures_say() -> None:
    found = figures.read(figures.COMMITTED)
    prose = " ".join(README.split())
    for task, words in (("study", "three genres"), ("wide", "thirteen")):
        field = found.field(task)
        ours, boosting, nine = (
            f"{field.entrant(key).scores[figures.CORE]['weighted_f1']:.3f}"
            for key in ("committee", "boosting", field.best_of_study)
        )
        said = f"on {words}: {ours}, boosting {boosting}, the best of the nine {nine}"
        assert said in prose.replace("the study's nine", "the nine")
        assert field.best == "committee"
        folds = sorted(one.fold for one in field.entrants)
        assert folds[-1] - folds[-2] <= field.entrant("committee").error, "no more a chance"
    away = sorted(one.ours for one in found.away)
    missed = [one.table for one in found.away if one.ours <= one.recipe]
    assert (
        f"reaches {away[0]:.3f} to {away[-1]:.3f}: better than the recipe on "
        f"{len(away) - len(missed)} of {len(away)}, not on {' and '.join(missed)}."
    ) in prose


def test_songs_with_and_without_a_named_artist_are_told_apart() -> None:
    metrics = BundleStore().load("wide").metadata.metrics
    named, unnamed = (
        metrics[f"test, {part}"]["core only"] for part in (ARTIST_NAMED, NO_ARTIST_NAMED)
    )
    recipe = metrics[f"test, {ARTIST_NAMED}, the study's recipe"]
    assert (
        f"{named['weighted_f1']:.3f} on the {named['rows']:,} songs by artists never heard "
        f"(recipe {recipe['weighted_f1']:.3f}), {unnamed['weighted_f1']:.3f} on the other "
        f"{unnamed['rows']:,}."
    ) in " ".join(README.split())


def test_it_stays_short_and_its_pictures_and_links_exist() -> None:
    assert len(README.splitlines()) < 150
    local = re.findall(r'(?:src|srcset)="([^"]+)"|\]\((?!http)([^)#]+)\)', README)
    for path in (first or second for first, second in local):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("target", ["run", "test", "lint", "bench", "picture", "install"])
def test_the_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
