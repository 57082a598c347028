"""Makes a candidate from a bundle and corrections, without training tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any, Final

import numpy as np

from model.bundle import MODEL, REHEARSAL, SUBGENRES, Lineage
from model.bundle_files import digest
from model.metrics import Metrics
from model.verdicts import VerdictFigures
from training.ensemble import Ensemble
from training.export import to_onnx
from training.feedback.votes import AgreedLabel
from training.fit import LIBRARIES, Fitted
from training.gate.frozen_data import values_of
from training.identity import lead_artist_key
from training.retrain import networks
from training.retrain.fine_tune import (
    SETTINGS,
    Corrections,
    Settings,
    fine_tune,
    label_share,
    reweighted,
)
from training.retrain.recalibration import raised, with_temperature
from training.retrain.starting_point import StartingPoint
from training.split import share_of
from training.tables import FEEDBACK, ORIGINS

NOT_MEASURED: Final = (
    "not measured on tables: this version was trained further on corrections; what the gate found "
    "is in its report"
)
CALIBRATION_SHARE: Final = 0.15
"""Share of the artists whose corrections calibrate, and train no network."""


def from_bundle(
    start: StartingPoint,
    labels: Sequence[AgreedLabel],
    lineage: Lineage,
    settings: Settings = SETTINGS,
) -> Fitted:
    """Train the networks of a bundle further; return the new bundle.

    Sub-genres, thresholds of the verdicts and typical songs are those of the start. The files have
    no `pipeline.joblib`.

    Args:
        start: The bundle to start from.
        labels: Corrections, all of genres of the bundle; at least one.
        lineage: Lineage of the new bundle, with the seed of all random draws.
        settings: Hyperparameters.

    Raises:
        CannotRetrain: The networks cannot be read from the bundle.
    """
    bundle = start.bundle
    before = networks.read(bundle)
    corrections = reweighted(
        before, start.rehearsal, corrections_of(labels, bundle.metadata.genres), lineage.seed
    )
    calibrating = np.array([_calibrates(label) for label in labels])
    if calibrating.all():
        calibrating[:] = False
    tuned = fine_tune(
        before,
        start.rehearsal,
        corrections.of(~calibrating),
        seed=lineage.seed,
        settings=settings,
    )
    tuned, shares = raised(tuned, bundle.metadata.priors, corrections)
    tuned = with_temperature(
        tuned,
        before,
        start.rehearsal,
        corrections.of(calibrating),
        share=label_share(corrections.weights),
        seed=lineage.seed,
    )
    return _fitted(start, tuned, shares, labels, lineage)


def corrections_of(labels: Sequence[AgreedLabel], genres: Sequence[str]) -> Corrections:
    """Return labels as arrays; all must be of `genres`."""
    index = {genre: number for number, genre in enumerate(genres)}
    return Corrections(
        values_of(labels),
        np.array([index[label.genre] for label in labels], np.intp),
        np.array([label.weight for label in labels], np.float64),
    )


def _calibrates(label: AgreedLabel) -> bool:
    artist = lead_artist_key(label.artists[0]) if label.artists else ""
    return share_of(artist or label.track, "validation") < CALIBRATION_SHARE


def _fitted(
    start: StartingPoint,
    ensemble: Ensemble,
    shares: Mapping[str, Mapping[str, float]],
    labels: Sequence[AgreedLabel],
    lineage: Lineage,
) -> Fitted:
    old = start.bundle.metadata
    files = {MODEL: to_onnx(ensemble), REHEARSAL: start.rehearsal.to_bytes()}
    if start.bundle.subgenres is not None:
        files[SUBGENRES] = start.bundle.subgenres
    metadata = replace(
        old,
        version=digest(files[MODEL] + repr((shares, lineage)).encode())[:8],
        verdicts={name: VerdictFigures(one.threshold) for name, one in old.verdicts.items()},
        metrics=Metrics(NOT_MEASURED),
        data=(*(one for one in old.data if one["name"] != FEEDBACK), _provenance(labels)),
        libraries={name: version(name) for name in LIBRARIES},
        priors=shares,
        lineage=lineage,
        files=None,
    )
    return Fitted(metadata, files)


def _provenance(labels: Sequence[AgreedLabel]) -> dict[str, Any]:
    origin = ORIGINS[FEEDBACK]
    return {
        "name": FEEDBACK,
        "rows": len(labels),
        "rows_by_genre": dict(Counter(label.genre for label in labels).most_common()),
        "licence": origin.licence,
        "source": origin.source,
    }
