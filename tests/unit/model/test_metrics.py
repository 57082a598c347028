"""Typed metrics, their JSON, and the shape of bundles before it."""

import json
from dataclasses import asdict

import pytest

from model.metrics import (
    FeaturePattern,
    Figures,
    MeasuredModel,
    Measurement,
    Metrics,
    Selection,
    Slice,
    Split,
)


def figures(rows: int) -> Figures:
    """Return figures that differ in the number of rows."""
    return Figures(rows, 0.5, 0.4, 0.55, 0.7, 0.8, 0.9, {"rock": 0.9}, 0.02)


def measurement(
    rows: int,
    slice_: Slice = Slice.ALL,
    features: FeaturePattern = FeaturePattern.CORE,
    model: MeasuredModel = MeasuredModel.OURS,
) -> Measurement:
    """Return a measurement."""
    return Measurement(Split.TEST, slice_, features, model, figures(rows))


METRICS = Metrics(
    "one artist in five",
    Selection("the best", "this one"),
    (
        measurement(1, features=FeaturePattern.ALL),
        measurement(2, features=FeaturePattern.NO_KEY_MODE_DURATION),
        measurement(3),
        measurement(4, model=MeasuredModel.BASELINE),
        measurement(5, Slice.NO_SHARED_CREDIT),
        measurement(6, Slice.TWO_TABLES_AGREE, model=MeasuredModel.BASELINE),
        measurement(7, model=MeasuredModel.WITHOUT_FEEDBACK),
    ),
)

FORMER = {
    "split": "one artist in five",
    "test": {
        "all": asdict(figures(1)),
        "no key, mode and duration": asdict(figures(2)),
        "core only": asdict(figures(3)),
    },
    "test, the study's recipe": asdict(figures(4)),
    "test, artist named, leads nothing learnt": {"core only": asdict(figures(5))},
    "test, two tables agree, the study's recipe": asdict(figures(6)),
    "test, core only, without feedback": asdict(figures(7)),
    "chosen": {"rule": "the best", "outcome": "this one"},
}


def test_json_round_trip() -> None:
    assert Metrics.from_json(json.loads(json.dumps(METRICS.to_json()))) == METRICS


def test_no_metrics_round_trip() -> None:
    assert Metrics.from_json(json.loads(json.dumps(Metrics().to_json()))) == Metrics()


def test_former_shape_is_read() -> None:
    assert Metrics.from_json(json.loads(json.dumps(FORMER))) == METRICS


@pytest.mark.parametrize("content", [{}, {"test": {"weighted_f1": 0.5}}, {"test": 1}])
def test_unknown_entries_of_the_former_shape_are_ignored(content: dict[str, object]) -> None:
    assert Metrics.from_json(content) == Metrics()


@pytest.mark.parametrize(
    "change",
    [
        {"split": "train"},
        {"slice": "some"},
        {"features": "none"},
        {"model": "other"},
        {"figures": {"rows": 1}},
    ],
    ids=str,
)
def test_unknown_values_are_errors(change: dict[str, object]) -> None:
    content = METRICS.to_json()
    content["measurements"] = [{**content["measurements"][0], **change}]
    with pytest.raises((KeyError, TypeError, ValueError)):
        Metrics.from_json(content)


def test_figures_are_found_by_what_they_were_measured_on() -> None:
    assert METRICS.figures().rows == 3
    assert METRICS.figures(features=FeaturePattern.ALL).rows == 1
    assert METRICS.figures(model=MeasuredModel.BASELINE).rows == 4
    assert METRICS.figures(Slice.NO_SHARED_CREDIT).rows == 5


def test_missing_figures() -> None:
    assert METRICS.find(Slice.ARTIST_NAMED) is None
    with pytest.raises(KeyError):
        METRICS.figures(Slice.ARTIST_NAMED)


def test_metrics_of_one_slice() -> None:
    rows = [one.figures.rows for one in METRICS.of(Slice.ALL).measurements]
    assert rows == [1, 2, 3, 4, 7]
