import io
import json

import joblib
import numpy as np
import pytest
from training.model_selection import RULE, select_model

from model.classifier import Classifier
from model.genres import STUDY, WIDE
from model.metrics import FeaturePattern, MeasuredModel, Selection, Slice
from model.schema import CORE, NAMES
from model.store import SHIPPED, BundleStore
from training import figures
from training.embedded_songs import EMBEDDED_SONGS
from training.ensemble import Ensemble
from training.features import PATTERNS, Absence, Matrix
from training.fit import PIPELINE

MEGABYTE = 1_000_000


@pytest.fixture(params=["wide", "study"])
def classifier(request: pytest.FixtureRequest) -> Classifier:
    return Classifier(BundleStore().load(request.param))


@pytest.fixture
def songs() -> Matrix:
    """Return the embedded songs with random absences, 20 times each."""
    content = json.loads(EMBEDDED_SONGS.read_text(encoding="utf-8"))
    known = np.array(
        [[song["features"].get(name, np.nan) for name in NAMES] for song in content["songs"]],
        np.float32,
    )
    return Absence(known).sample(np.repeat(known, 20, axis=0), np.random.default_rng(0))


def test_total_size_of_the_shipped_bundles_is_limited() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*")) <= 12 * MEGABYTE


def test_only_the_current_version_of_each_model_is_shipped() -> None:
    store = BundleStore()
    folders = {path.parent.name for path in SHIPPED.glob("*/*/metadata.json")}
    assert folders == {store.current(name) for name in ("wide", "study")}


def test_models_have_their_genres_and_features() -> None:
    wide, study = (BundleStore().load(name).metadata for name in ("wide", "study"))
    assert (wide.genres, wide.features) == (WIDE, NAMES)
    assert (study.genres, study.features) == (STUDY, CORE)


def test_onnx_model_equals_the_python_pipeline(classifier: Classifier, songs: Matrix) -> None:
    folder = SHIPPED / classifier.name / classifier.version
    ensemble = joblib.load(io.BytesIO((folder / PIPELINE).read_bytes()))
    assert isinstance(ensemble, Ensemble)
    taken = [NAMES.index(name) for name in classifier.metadata.features]
    served = classifier.probabilities(songs[:, taken])
    assert np.abs(served - ensemble.probabilities(songs)).max() < 1e-4


def test_every_feature_pattern_is_measured(
    classifier: Classifier,
) -> None:
    metrics = classifier.metadata.metrics
    assert "shipped model is fitted" in metrics.split
    extras = set(classifier.metadata.features) - set(CORE)
    measured = {one.features for one in metrics.of(Slice.ALL).measurements}
    assert measured == (set(PATTERNS) if extras else {FeaturePattern.CORE})
    assert set(classifier.metadata.typical_genres) == set(classifier.metadata.genres)


def test_slices_by_artist_add_up(classifier: Classifier) -> None:
    metrics = classifier.metadata.metrics
    named, unnamed = metrics.figures(Slice.ARTIST_NAMED), metrics.figures(Slice.NO_ARTIST_NAMED)
    assert named.rows + unnamed.rows == metrics.figures().rows
    assert 0 < metrics.figures(Slice.NO_SHARED_CREDIT).rows < named.rows


def test_shipped_model_is_selected_by_the_committed_figures(classifier: Classifier) -> None:
    chosen = select_model(figures.read(figures.COMMITTED), classifier.name)
    assert classifier.metadata.metrics.selection == Selection(RULE, chosen.outcome)
    assert chosen.winner.key == figures.ENSEMBLE
    measured, score = classifier.metadata.metrics.figures(), chosen.winner.score()
    for name in ("rows", "weighted_f1", "macro_f1", "accuracy", "top_3", "calibration_error"):
        assert getattr(score, name) == getattr(measured, name)


def test_shipped_model_is_better_than_the_baseline(
    classifier: Classifier,
) -> None:
    metrics = classifier.metadata.metrics
    ours, baseline = metrics.figures(), metrics.figures(model=MeasuredModel.BASELINE)
    for figure in ("weighted_f1", "macro_f1", "mean_auc"):
        assert getattr(ours, figure) > getattr(baseline, figure)
    assert ours.calibration_error <= 0.03
