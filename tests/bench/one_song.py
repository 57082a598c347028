"""One song: the study's way (a 300-tree forest and pyplot) against what the bot does."""

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
from bot.domain.tracks import AudioFeatures
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
FASTER = 100
CARD_FASTER = 2


def measure() -> Iterator[Row]:
    """Measure one classification, and one card from its features."""
    forest = study_forest()
    row = np.array([[VALUES[name] for name in CORE]], dtype=np.float32)
    theirs = seconds(lambda: forest.predict_proba(row), 50)
    classifier = Classifier(BundleStore().load("wide"))
    ours = seconds(lambda: classifier.predict(VALUES), 500)
    yield Row(
        "one row classified",
        milliseconds(ours),
        milliseconds(theirs),
        f"{FASTER}x faster: {theirs / ours:.0f}x",
        theirs >= FASTER * ours,
    )
    their_card = seconds(lambda: pyplot_card(forest, row), 10)
    our_card = seconds(lambda: bot_card(classifier), 50)
    yield Row(
        "features to card",
        milliseconds(our_card),
        milliseconds(their_card),
        f"{CARD_FASTER}x faster: {their_card / our_card:.1f}x",
        their_card >= CARD_FASTER * our_card,
    )


def study_forest() -> Any:
    """Fit a forest as large as the study's on made-up songs, and load it as its app did."""
    random = np.random.default_rng(0)
    songs = random.random((ROWS, len(CORE)), dtype=np.float32)
    labels = random.integers(len(WIDE), size=ROWS)
    forest = RandomForestClassifier(n_estimators=TREES, max_depth=12, random_state=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.joblib"
        joblib.dump(forest.fit(songs, labels), path)
        return joblib.load(path)


def pyplot_card(forest: Any, row: Any) -> bytes:
    """Classify and draw as the study did: bars and a radar, with pyplot."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    chances = np.sort(forest.predict_proba(row)[0])[::-1][:5]
    figure = plt.figure(figsize=(10, 5.6), dpi=100)
    radar = figure.add_subplot(1, 2, 1, projection="polar")
    angles = np.linspace(0, 2 * np.pi, len(RADAR), endpoint=False)
    radar.plot(angles, [VALUES[name] for name in RADAR])
    radar.fill(angles, [VALUES[name] for name in RADAR], alpha=0.3)
    radar.set_xticks(angles, RADAR)
    figure.add_subplot(1, 2, 2).barh(WIDE[:5], chances)
    image = io.BytesIO()
    figure.savefig(image, format="png")
    plt.close(figure)
    return image.getvalue()


def bot_card(classifier: Classifier) -> bytes:
    """Classify, explain and draw as the bot does."""
    return draw(
        classify(classifier, track(), AudioFeatures.from_source(VALUES, "reccobeats")), Theme.DARK
    )
