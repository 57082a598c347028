import io
import json

import joblib
import numpy as np
import pytest

from model.classifier import Classifier
from model.genres import STUDY, WIDE
from model.schema import CORE, NAMES
from model.store import SHIPPED, BundleStore
from training import figures
from training.embedded_songs import EMBEDDED_SONGS
from training.ensemble import Ensemble
from training.features import PATTERNS, Absence, Matrix
from training.fit import PIPELINE
from training.model_selection import RULE, select_model
from training.slices import ARTIST_NAMED, NO_ARTIST_NAMED, NO_SHARED_CREDIT
from training.study.candidates import ENSEMBLE

MEGABYTE = 1_000_000


@pytest.fixture(params=["wide", "study"])
def classifier(request: pytest.FixtureRequest) -> Classifier:
    return Classifier(BundleStore().load(request.param))


@pytest.fixture
def songs() -> Matrix:
    """The catalogue's songs under random absences, many times."""
    content = json.loads(EMBEDDED_SONGS.read_text(encoding="utf-8"))
    known = np.array(
        [[song["features"].get(name, np.nan) for name in NAMES] for song in content["songs"]],
        np.float32,
    )
    return Absence(known).sample(np.repeat(known, 20, axis=0), np.random.default_rng(0))


def test_the_shipped_bundles_are_small_enough_together() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*")) <= 12 * MEGABYTE


def test_only_the_current_version_of_each_model_is_shipped() -> None:
    store = BundleStore()
    folders = {path.parent.name for path in SHIPPED.glob("*/*/metadata.json")}
    assert folders == {store.current(name) for name in ("wide", "study")}


def test_the_models_are_what_their_names_promise() -> None:
    wide, study = (BundleStore().load(name).metadata for name in ("wide", "study"))
    assert (wide.genres, wide.features) == (WIDE, NAMES)
    assert (study.genres, study.features) == (STUDY, CORE)


def test_what_is_served_equals_the_python_pipeline(classifier: Classifier, songs: Matrix) -> None:
    folder = SHIPPED / classifier.name / classifier.version
    committee = joblib.load(io.BytesIO((folder / PIPELINE).read_bytes()))
    assert isinstance(committee, Ensemble)
    taken = [NAMES.index(name) for name in classifier.metadata.features]
    served = classifier.probabilities(songs[:, taken])
    assert np.abs(served - committee.probabilities(songs)).max() < 1e-4


def test_every_figure_names_its_split_and_every_pattern_is_measured(
    classifier: Classifier,
) -> None:
    metrics = classifier.metadata.metrics
    assert "shipped model is fitted" in metrics["split"]
    extras = set(classifier.metadata.features) - set(CORE)
    assert set(metrics["test"]) == (set(PATTERNS) if extras else {"core only"})
    assert set(classifier.metadata.typical_genres) == set(classifier.metadata.genres)


def test_the_figures_are_told_apart_by_whether_an_artist_is_named(classifier: Classifier) -> None:
    metrics = classifier.metadata.metrics
    named, unnamed = (
        metrics[f"test, {part}"]["core only"] for part in (ARTIST_NAMED, NO_ARTIST_NAMED)
    )
    assert named["rows"] + unnamed["rows"] == metrics["test"]["core only"]["rows"]
    assert 0 < metrics[f"test, {NO_SHARED_CREDIT}"]["core only"]["rows"] < named["rows"]


def test_the_rule_chose_what_is_shipped_by_the_committed_figures(classifier: Classifier) -> None:
    chosen = select_model(figures.read(figures.COMMITTED), classifier.name)
    assert classifier.metadata.metrics["chosen"] == {"rule": RULE, "outcome": chosen.outcome}
    assert chosen.winner.key == ENSEMBLE
    measured = classifier.metadata.metrics["test"]["core only"]
    assert chosen.winner.scores[figures.CORE] == {name: measured[name] for name in figures.SCORES}


def test_the_shipped_models_beat_the_studys_recipe_on_the_same_rows(
    classifier: Classifier,
) -> None:
    metrics = classifier.metadata.metrics
    ours, recipe = metrics["test"]["core only"], metrics["test, the study's recipe"]
    for figure in ("weighted_f1", "macro_f1", "mean_auc"):
        assert ours[figure] > recipe[figure]
    assert ours["calibration_error"] <= 0.03
