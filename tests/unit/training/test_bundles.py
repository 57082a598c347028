"""The shipped bundles."""

import io
import json

import joblib
import numpy as np
import onnxruntime as ort
import pytest

from model.classifier import Classifier
from model.genres import STUDY, WIDE
from model.metrics import FeaturePattern, MeasuredModel, Slice
from model.priors import DEFAULT_PRIOR
from model.schema import CORE, INPUT_NAMES
from model.store import SHIPPED, BundleStore
from model.verdicts import RIGHT, Verdict
from training import figures, priors, subgenres
from training.calibrated_model import CalibratedModel
from training.embedded_songs import EMBEDDED_SONGS
from training.features import PATTERNS, Absence, Matrix
from training.fit import PIPELINE
from training.tables import ARTIST_GENRES

MEGABYTE = 1_000_000
BUNDLES = ("wide", "study")


@pytest.fixture(params=BUNDLES)
def classifier(request: pytest.FixtureRequest) -> Classifier:
    return Classifier(BundleStore().load(request.param))


@pytest.fixture
def wide() -> Classifier:
    return Classifier(BundleStore().load("wide"))


@pytest.fixture
def songs() -> Matrix:
    """Return the embedded songs with random absences, 20 times each."""
    content = json.loads(EMBEDDED_SONGS.read_text(encoding="utf-8"))
    values = [{**song["features"], "year": song["year"]} for song in content["songs"]]
    known = np.array(
        [[song.get(name, np.nan) for name in INPUT_NAMES] for song in values], np.float32
    )
    return Absence(known).sample(np.repeat(known, 20, axis=0), np.random.default_rng(0))


def pipeline(classifier: Classifier) -> CalibratedModel:
    """Return the Python model in a bundle."""
    folder = SHIPPED / classifier.name / classifier.version
    model = joblib.load(io.BytesIO((folder / PIPELINE).read_bytes()))
    assert isinstance(model, CalibratedModel)
    return model


def test_total_size_of_the_shipped_bundles_is_limited() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*")) <= 12 * MEGABYTE


def test_only_the_current_version_of_each_model_is_shipped() -> None:
    store = BundleStore()
    folders = {path.parent.name for path in SHIPPED.glob("*/*/metadata.json")}
    assert folders == {store.current(name) for name in BUNDLES}


def test_models_have_their_genres_and_inputs() -> None:
    wide, study = (BundleStore().load(name).metadata for name in BUNDLES)
    assert (wide.genres, wide.features) == (WIDE, INPUT_NAMES)
    assert (study.genres, study.features) == (STUDY, CORE)
    assert set(wide.typical_song) == set(INPUT_NAMES)


def test_onnx_model_equals_the_python_pipeline(classifier: Classifier, songs: Matrix) -> None:
    model, taken = pipeline(classifier), classifier.metadata.features
    session = ort.InferenceSession(
        BundleStore().load(classifier.name).onnx, providers=["CPUExecutionProvider"]
    )
    features = songs[:, [INPUT_NAMES.index(name) for name in taken]]
    (graph,) = session.run(["probabilities"], {"features": features})
    assert np.abs(graph - model.ensemble.probabilities(songs)).max() < 1e-4


def test_prior_is_served_as_it_was_measured(classifier: Classifier, songs: Matrix) -> None:
    taken = [INPUT_NAMES.index(name) for name in classifier.metadata.features]
    served = classifier.probabilities(songs[:, taken])
    model = pipeline(classifier)
    assert model.shares == classifier.metadata.priors
    assert np.abs(served - model.probabilities(songs, DEFAULT_PRIOR)).max() < 1e-4


def test_every_feature_pattern_is_measured(classifier: Classifier) -> None:
    metrics = classifier.metadata.metrics
    assert "shipped model is fitted" in metrics.split
    extras = set(classifier.metadata.features) - set(CORE)
    measured = {one.features for one in metrics.of(Slice.ALL).measurements}
    assert measured == (set(PATTERNS) if extras else {FeaturePattern.CORE})
    assert set(classifier.metadata.typical_genres) == set(classifier.metadata.genres)


def test_slices_that_are_measured() -> None:
    slices = {
        name: {one.slice for one in BundleStore().load(name).metadata.metrics.measurements}
        for name in BUNDLES
    }
    assert slices == {
        "wide": {Slice.ALL, Slice.CLEAR, Slice.POPULAR, Slice.TABLE_LABELS},
        "study": {Slice.ALL},
    }


def test_songs_of_the_slices_are_among_all_songs(wide: Classifier) -> None:
    metrics = wide.metadata.metrics
    songs = metrics.figures().rows
    assert 1000 < metrics.figures(Slice.CLEAR).rows < songs
    assert 1000 < metrics.figures(Slice.POPULAR).rows < songs


@pytest.mark.parametrize("verdict", [Verdict.PLAIN, Verdict.EITHER])
def test_verdicts_are_as_often_right_as_they_promise(wide: Classifier, verdict: Verdict) -> None:
    """They are measured where the sources agree clearly on the artist."""
    figures_ = wide.metadata.verdicts[verdict]
    for coverage, accuracy in (
        (figures_.coverage, figures_.accuracy),
        (figures_.coverage_core, figures_.accuracy_core),
    ):
        assert coverage is not None
        assert coverage > 0
        assert accuracy is not None
        assert accuracy >= RIGHT - STANDARD_ERROR


def test_coverage_of_the_verdicts_adds_up(classifier: Classifier) -> None:
    verdicts = classifier.metadata.verdicts
    assert set(verdicts) == set(Verdict)
    assert sum(one.coverage or 0 for one in verdicts.values()) == pytest.approx(1, abs=1e-3)
    assert sum(one.coverage_core or 0 for one in verdicts.values()) == pytest.approx(1, abs=1e-3)
    assert verdicts["plain"].threshold == RIGHT


def test_wide_model_has_priors(wide: Classifier) -> None:
    assert set(wide.metadata.priors) == {"tables", "popular", "even"}
    assert wide.metadata.prior_temper == priors.TEMPER
    assert not BundleStore().load("study").metadata.priors


def test_wide_model_names_subgenres_that_are_right_often_enough(wide: Classifier) -> None:
    known = set(subgenres.load_labels(WIDE).columns)
    served = wide.metadata.subgenres
    assert len(served) >= 5
    for one in served:
        assert (one.parent, one.name) in known
        assert one.accuracy is not None
        assert one.accuracy >= subgenres.LEAST_ACCURACY
        assert (one.songs or 0) >= subgenres.LEAST_SONGS
    assert BundleStore().load("study").metadata.subgenres == ()


def test_data_of_the_wide_model_are_all_tables(wide: Classifier) -> None:
    names = [entry["name"] for entry in wide.metadata.data]
    assert names[-1] == ARTIST_GENRES
    assert "curated" in names


def test_committed_figures_are_those_of_the_bundles() -> None:
    store = BundleStore()
    shipped = {name: store.load(name).metadata for name in store.names()}
    committed = figures.read().models
    assert set(committed) == set(shipped)
    for name, metadata in shipped.items():
        content = json.loads(metadata.to_json())
        assert committed[name] == {
            key: content[key] for key in ("version", "metrics", "verdicts")
        }, name


@pytest.mark.parametrize("slice_", [Slice.ALL, Slice.CLEAR, Slice.POPULAR])
def test_wide_model_is_better_than_the_baseline(wide: Classifier, slice_: Slice) -> None:
    metrics = wide.metadata.metrics
    ours = metrics.figures(slice_)
    baseline = metrics.figures(slice_, model=MeasuredModel.BASELINE)
    for figure in ("weighted_f1", "macro_f1", "mean_auc"):
        assert getattr(ours, figure) > getattr(baseline, figure)


def test_study_model_is_better_than_the_baseline() -> None:
    metrics = BundleStore().load("study").metadata.metrics
    ours, baseline = metrics.figures(), metrics.figures(model=MeasuredModel.BASELINE)
    for figure in ("weighted_f1", "macro_f1", "mean_auc"):
        assert getattr(ours, figure) > getattr(baseline, figure)


def test_year_helps_the_wide_model_even_if_it_is_often_late(wide: Classifier) -> None:
    undated, late, dated = (
        wide.metadata.metrics.figures(features=pattern).weighted_f1
        for pattern in (FeaturePattern.ALL, FeaturePattern.LATE_YEAR, FeaturePattern.WITH_YEAR)
    )
    assert undated < late < dated


def test_probabilities_are_calibrated(classifier: Classifier) -> None:
    for pattern in (FeaturePattern.ALL, FeaturePattern.CORE):
        measured = classifier.metadata.metrics.find(features=pattern)
        assert measured is None or measured.calibration_error <= 0.05
    assert classifier.metadata.metrics.figures().weighted_f1_error


STANDARD_ERROR = 0.012
"""Of a share of 0.75 among the songs of about a thousand artists."""
