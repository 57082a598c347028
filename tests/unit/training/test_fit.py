"""Fitting a model on made-up rows, from the dataset to its bundle."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import onnxruntime as ort
import pandas as pd
import pytest

from model import priors
from model.bundle import MODEL, REHEARSAL, SUBGENRES
from model.classifier import Classifier
from model.metrics import FeaturePattern, MeasuredModel, Slice
from model.schema import CORE, INPUT_NAMES
from model.store import BundleStore
from model.verdicts import RIGHT, Verdict
from tests.unit.training.made_up import BY_LABEL, GENRES, PLAN, SIZE, TABLES, TASK
from training import subgenres
from training.calibrated_model import CalibratedModel, fit_calibrated
from training.features import Matrix, matrix
from training.fit import PIPELINE, Fitted, fit
from training.split import Side
from training.tables import ARTIST_GENRES

SUBGENRE_LABELS = subgenres.Labels(
    (("electronic", "house"), ("electronic", "techno")), {"house": 0, "techno": 1}
)


@pytest.fixture(scope="module", autouse=True)
def two_subgenres() -> Iterator[None]:
    """Use two sub-genres, and a small plan for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subgenres, "PLAN", PLAN)
        patch.setattr(subgenres, "LEAST_SONGS", 5)
        patch.setattr(subgenres, "load_labels", lambda _genres: SUBGENRE_LABELS)
        yield


@pytest.fixture(scope="module")
def fitted(made_up: pd.DataFrame) -> Fitted:
    return fit(made_up, TASK, PLAN, seed=1)


@pytest.fixture(scope="module")
def by_label(made_up: pd.DataFrame) -> Fitted:
    return fit(made_up, BY_LABEL, PLAN, seed=1)


def saved(fitted: Fitted, folder: Path) -> Classifier:
    """Return the classifier that serves a fitted model."""
    store = BundleStore(folder)
    bundle = fitted.save(store)
    assert store.names() == []
    store.promote(bundle.name, bundle.version)
    return Classifier(store.load(bundle.name))


def song(**features: float) -> dict[str, float]:
    return dict.fromkeys(CORE, 0.4) | {"tempo": 100.0, **features}


def test_classifier_serves_a_saved_and_promoted_model(fitted: Fitted, tmp_path: Path) -> None:
    classifier = saved(fitted, tmp_path)
    prediction = classifier.predict(song(danceability=0.95))
    assert prediction.best == "hip-hop"
    assert set(prediction.genres) == set(GENRES)


def test_year_changes_what_is_served(fitted: Fitted, tmp_path: Path) -> None:
    classifier = saved(fitted, tmp_path)
    old, new = (
        classifier.predict(song(year=year)).genres["electronic"] for year in (1970.0, 2010.0)
    )
    assert new > old + 0.2


def test_bundle_has_both_models_and_the_pipeline(fitted: Fitted, by_label: Fitted) -> None:
    assert set(fitted.files) == {MODEL, SUBGENRES, PIPELINE, REHEARSAL}
    assert set(by_label.files) == {MODEL, PIPELINE, REHEARSAL}


def run(onnx: bytes, values: Matrix) -> Matrix:
    session = ort.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    probabilities: Matrix = session.run(["probabilities"], {"features": values})[0]
    return probabilities


def test_pipeline_equals_the_served_model(fitted: Fitted, made_up: pd.DataFrame) -> None:
    model = joblib.load(io.BytesIO(fitted.files[PIPELINE]))
    assert isinstance(model, CalibratedModel)
    served = run(fitted.files[MODEL], matrix(made_up))
    assert np.abs(served - model.ensemble.probabilities(matrix(made_up))).max() < 1e-5


def test_shipped_model_keeps_the_calibration_of_the_measured_one(
    by_label: Fitted, made_up: pd.DataFrame
) -> None:
    shipped = joblib.load(io.BytesIO(by_label.files[PIPELINE]))
    measured = fit_calibrated(made_up, BY_LABEL, PLAN, seed=1)
    assert shipped.thresholds == measured.thresholds
    one, other = shipped.ensemble, measured.ensemble
    assert one.calibration.temperature == other.calibration.temperature != 1
    assert np.array_equal(one.calibration.bias, other.calibration.bias)
    assert not np.array_equal(one.networks[0].weights[0], other.networks[0].weights[0])


def test_metadata_holds_inputs_rows_and_typical_songs(fitted: Fitted) -> None:
    metadata = fitted.metadata
    assert (metadata.features, metadata.genres) == (INPUT_NAMES, GENRES)
    assert "artists" in metadata.metrics.split
    assert [entry["name"] for entry in metadata.data] == [*TABLES, ARTIST_GENRES]
    assert sum(entry["rows"] for entry in metadata.data[:-1]) == SIZE
    assert metadata.data[0]["rows_by_genre"].keys() == set(GENRES)
    assert set(metadata.typical_song) == set(INPUT_NAMES)
    assert metadata.typical_genres["hip-hop"]["danceability"] > 0.8
    assert metadata.typical_genres["electronic"]["year"] > 1995
    assert {"jax", "optax", "onnx"} <= set(metadata.libraries)


def test_figures_are_of_our_model_and_of_the_baseline(fitted: Fitted) -> None:
    metrics = fitted.metadata.metrics
    dated = metrics.figures(features=FeaturePattern.WITH_YEAR)
    assert dated.weighted_f1 > metrics.figures().weighted_f1 > 0.6
    assert dated.weighted_f1_error
    assert metrics.figures(model=MeasuredModel.BASELINE).weighted_f1 > 0.5
    assert metrics.figures(Slice.CLEAR).rows < metrics.figures().rows
    assert metrics.find(model=MeasuredModel.WITHOUT_FEEDBACK) is None


def test_priors_are_in_the_bundle(fitted: Fitted) -> None:
    metadata = fitted.metadata
    assert set(metadata.priors) == {"tables", "popular", "even"}
    priors.check(metadata.priors, metadata.prior_temper, metadata.genres)
    assert metadata.prior_temper > 0


def test_verdicts_have_thresholds_coverage_and_accuracy(fitted: Fitted) -> None:
    verdicts = fitted.metadata.verdicts
    assert verdicts["plain"].threshold == RIGHT
    assert sum(verdicts[one].coverage or 0 for one in Verdict) == pytest.approx(1, abs=1e-3)
    assert (verdicts["plain"].accuracy or 0) > 0.75
    assert (verdicts["plain"].accuracy_core or 0) > 0.7


def test_subgenres_are_served_after_their_genre(fitted: Fitted, tmp_path: Path) -> None:
    assert [(one.name, one.parent) for one in fitted.metadata.subgenres] == [
        ("house", "electronic"),
        ("techno", "electronic"),
    ]
    prediction = saved(fitted, tmp_path).predict(song(year=2010, valence=0.95))
    assert prediction.best == "electronic"
    chances = run(
        fitted.files[SUBGENRES],
        matrix(
            pd.DataFrame(
                [
                    dict.fromkeys(INPUT_NAMES, np.nan) | song(valence=valence)
                    for valence in (0.95, 0.05)
                ]
            )
        ),
    )
    assert chances.argmax(axis=1).tolist() == [0, 1]


@pytest.mark.long
def test_same_seed_gives_the_same_bytes(fitted: Fitted, made_up_rows: pd.DataFrame) -> None:
    repeated = fit(made_up_rows, TASK, PLAN, seed=1)
    assert repeated.metadata == fitted.metadata
    assert repeated.files == fitted.files


def test_another_seed_gives_another_version(by_label: Fitted, made_up: pd.DataFrame) -> None:
    other = fit(made_up, BY_LABEL, PLAN, seed=2)
    assert other.metadata.version != by_label.metadata.version


@pytest.mark.long
def test_test_rows_do_not_change_the_measured_model(
    fitted: Fitted, made_up_rows: pd.DataFrame
) -> None:
    rows = made_up_rows
    wrong = {"rock": "hip-hop", "hip-hop": "electronic", "electronic": "rock", "": ""}
    rows["artist_genre"] = rows["artist_genre"].mask(
        rows["side"] == Side.TEST, rows["artist_genre"].map(wrong)
    )
    turned = fit(rows, TASK, PLAN, seed=1).metadata
    assert turned.verdicts["either"].threshold == fitted.metadata.verdicts["either"].threshold
    assert turned.priors["tables"] == fitted.metadata.priors["tables"]
    assert turned.metrics.figures().rows == fitted.metadata.metrics.figures().rows
    assert turned.metrics.figures().accuracy < 1 - fitted.metadata.metrics.figures().accuracy


def test_study_is_fitted_without_artists_genres(by_label: Fitted) -> None:
    metadata = by_label.metadata
    assert (metadata.name, metadata.features, metadata.genres) == ("study", CORE, GENRES)
    assert [entry["name"] for entry in metadata.data] == list(TABLES)
    assert {one.slice for one in metadata.metrics.measurements} == {Slice.ALL}
    assert {one.features for one in metadata.metrics.measurements} == {FeaturePattern.CORE}
    assert metadata.subgenres == ()
    assert (metadata.priors, metadata.prior_temper) == ({}, 0)
    assert metadata.metrics.figures().weighted_f1 > 0.6
    assert sum(metadata.verdicts[one].coverage or 0 for one in Verdict) == pytest.approx(
        1, abs=0.01
    )


@pytest.mark.long
def test_model_may_have_fewer_genres_and_inputs(made_up_rows: pd.DataFrame) -> None:
    rows = made_up_rows[made_up_rows["table"] == "fma"]
    rows = rows[rows["artist_genre"] != "electronic"].assign(year=np.nan)
    narrow = replace(TASK, features=INPUT_NAMES).narrowed(rows, strict=False)
    metadata = fit(rows.reset_index(drop=True), narrow, PLAN, seed=1).metadata
    assert metadata.genres == ("rock", "hip-hop")
    assert metadata.features == CORE
    assert metadata.subgenres == ()
