from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.classifier import Classifier
from model.metrics import FeaturePattern, MeasuredModel
from model.schema import CORE, NAMES
from model.store import BundleStore
from training.ensemble_training import Plan
from training.fit import PIPELINE, Fitted, fit
from training.network import Settings
from training.tasks import Task

PLAN = Plan(
    networks=2, settings=Settings((16,), epochs=20, dropout=0.1, batch=32, rate=1e-2), processes=1
)
TASK = Task("tiny", ("rock", "hip-hop", "electronic"), NAMES, ("fma", "billboard"))


@pytest.fixture(scope="module")
def fitted(made_up: pd.DataFrame) -> Fitted:
    return fit(made_up, TASK, PLAN, seed=1)


def test_classifier_serves_a_saved_and_promoted_model(fitted: Fitted, tmp_path: Path) -> None:
    store = BundleStore(tmp_path)
    saved = fitted.save(store)
    assert store.names() == []
    store.promote("tiny", saved.version)
    classifier = Classifier(store.load("tiny"))
    assert classifier.version == saved.version
    prediction = classifier.predict(dict.fromkeys(CORE, 0.4) | {"danceability": 0.95, "tempo": 100})
    assert prediction.best == "hip-hop"
    assert set(prediction.genres) == set(TASK.genres)


def test_metadata_holds_figures_rows_and_typical_songs(fitted: Fitted) -> None:
    metadata = fitted.metadata
    assert metadata.metrics.figures().weighted_f1 > 0.6
    assert metadata.metrics.figures(model=MeasuredModel.BASELINE).weighted_f1 > 0.6
    assert "artists" in metadata.metrics.split
    assert {entry["name"] for entry in metadata.data} == {"fma", "billboard"}
    assert sum(entry["rows"] for entry in metadata.data) == 900
    assert set(metadata.typical_song) == set(NAMES)
    assert metadata.typical_genres["hip-hop"]["danceability"] > 0.8
    assert 0 <= metadata.verdicts["plain"].threshold <= 1


def test_same_seed_gives_the_same_bytes(fitted: Fitted, made_up_rows: pd.DataFrame) -> None:
    repeated = fit(made_up_rows, TASK, PLAN, seed=1)
    assert repeated.metadata == fitted.metadata
    assert repeated.files == fitted.files
    other = fit(made_up_rows, TASK, PLAN, seed=2)
    assert other.metadata.version != fitted.metadata.version


def test_test_rows_do_not_change_the_measured_model(
    fitted: Fitted, made_up_rows: pd.DataFrame
) -> None:
    testing = made_up_rows["side"] == "test"
    made_up_rows.loc[testing, "genre"] = np.roll(made_up_rows.loc[testing, "genre"], 7)
    made_up_rows["fine_label"] = made_up_rows["table"] + ": " + made_up_rows["genre"]
    shuffled = fit(made_up_rows, TASK, PLAN, seed=1).metadata
    assert shuffled.verdicts == fitted.metadata.verdicts
    worse = shuffled.metrics.figures(features=FeaturePattern.ALL).accuracy
    better = fitted.metadata.metrics.figures(features=FeaturePattern.ALL).accuracy
    assert worse < better - 0.1


def test_model_may_have_fewer_genres_and_features(made_up_rows: pd.DataFrame) -> None:
    fma = made_up_rows[(made_up_rows["table"] == "fma") & (made_up_rows["genre"] != "electronic")]
    metadata = fit(fma, TASK.narrowed(fma, strict=False), PLAN, seed=1).metadata
    assert metadata.genres == ("rock", "hip-hop")
    assert metadata.features == CORE


def test_bundle_contains_the_pipeline(fitted: Fitted) -> None:
    assert set(fitted.files) == {"model.onnx", PIPELINE}
