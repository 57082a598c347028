"""Measures one classification and one card; baseline: a forest of 300 trees, and pyplot."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import matplotlib as mpl
import numpy as np
from sklearn.ensemble import RandomForestClassifier

from bot.domain.cards import Theme
from bot.domain.tracks import AudioFeatures, MeasuredTrack
from bot.render.chart import draw
from bot.services.classify import classify
from model.classifier import Classifier
from model.genres import WIDE
from model.schema import CORE, RADAR
from model.store import BundleStore
from tests.bench.table import Row, milliseconds, seconds
from tests.support.factories import VALUES, track

TREES = 300
ROWS = 20_000
MIN_SPEEDUP = 150
MIN_CARD_SPEEDUP = 2


def measure() -> Iterator[Row]:
    """Yield the rows for one classification and one card."""
    forest = study_forest()
    row = np.array([[VALUES[name] for name in CORE]], dtype=np.float32)
    baseline_time = seconds(lambda: forest.predict_proba(row), 50)
    classifier = Classifier(BundleStore().load("wide"))
    bot_time = seconds(lambda: classifier.predict(VALUES), 500)
    yield Row(
        "one row classified",
        milliseconds(bot_time),
        milliseconds(baseline_time),
        f"{MIN_SPEEDUP}x faster: {baseline_time / bot_time:.0f}x",
        baseline_time >= MIN_SPEEDUP * bot_time,
    )
    baseline_card_time = seconds(lambda: pyplot_card(forest, row), 10)
    bot_card_time = seconds(lambda: bot_card(classifier), 50)
    yield Row(
        "features to card",
        milliseconds(bot_card_time),
        milliseconds(baseline_card_time),
        f"{MIN_CARD_SPEEDUP}x faster: {baseline_card_time / bot_card_time:.1f}x",
        baseline_card_time >= MIN_CARD_SPEEDUP * bot_card_time,
    )


def study_forest() -> Any:
    """Return a forest of the study's size, fitted on random features and loaded with joblib."""
    random = np.random.default_rng(0)
    songs = random.random((ROWS, len(CORE)), dtype=np.float32)
    labels = random.integers(len(WIDE), size=ROWS)
    forest = RandomForestClassifier(n_estimators=TREES, max_depth=12, random_state=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.joblib"
        joblib.dump(forest.fit(songs, labels), path)
        return joblib.load(path)


def pyplot_card(forest: Any, row: Any) -> bytes:
    """Classify and draw bars and a radar chart with pyplot, as the study did."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    probabilities = np.sort(forest.predict_proba(row)[0])[::-1][:5]
    figure = plt.figure(figsize=(10, 5.6), dpi=100)
    radar = figure.add_subplot(1, 2, 1, projection="polar")
    angles = np.linspace(0, 2 * np.pi, len(RADAR), endpoint=False)
    radar.plot(angles, [VALUES[name] for name in RADAR])
    radar.fill(angles, [VALUES[name] for name in RADAR], alpha=0.3)
    radar.set_xticks(angles, RADAR)
    figure.add_subplot(1, 2, 2).barh(WIDE[:5], probabilities)
    image = io.BytesIO()
    figure.savefig(image, format="png")
    plt.close(figure)
    return image.getvalue()


def bot_card(classifier: Classifier) -> bytes:
    """Classify and draw as the bot does."""
    return draw(
        classify(
            classifier,
            MeasuredTrack(track(), AudioFeatures.from_source(VALUES, "reccobeats")),
        ),
        Theme.DARK,
    )
