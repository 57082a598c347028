"""Main figures of a version, for the list of all versions."""

from typing import Any, Final

from model.gate_report import GateReport
from model.metrics import FeaturePattern, Metrics

MAIN: Final = ("weighted_f1", "macro_f1", "top_3", "calibration_error", "rows")
"""Figures of the test split that are listed."""

PATTERNS: Final = (FeaturePattern.WITH_YEAR, FeaturePattern.ALL, FeaturePattern.CORE)
"""Features that a song has, most first; the first that were measured are those of all features."""

CORRECTIONS: Final = "corrections"
FROZEN: Final = "frozen"
GATE: Final = "gate"

SONGS: Final = ("songs", "tables", "fma")
"""Kinds of frozen data that are real songs, apart from corrections."""


def figures(metrics: Metrics, report: GateReport | None) -> dict[str, Any]:
    """Return the main figures by name; of each version the same ones, None if not measured.

    Args:
        metrics: The bundle's metrics: those in MAIN, with all features that the model takes.
        report: The gate's report. `gate` is whether all checks `passed`. `corrections` has the
            share of held-back corrections that are right `before` and `after`, 0-1, and the number
            of their `songs`; `frozen` has the same for each kind of other songs in SONGS.
    """
    measured = (metrics.find(features=pattern) for pattern in PATTERNS)
    best = next((one for one in measured if one), None)
    main = {name: getattr(best, name) if best else None for name in MAIN}
    if report is None:
        return main | dict.fromkeys((CORRECTIONS, FROZEN, GATE))
    frozen = {kind: right for kind in SONGS if (right := _right(report, kind))}
    return main | {
        CORRECTIONS: _right(report, CORRECTIONS),
        FROZEN: frozen or None,
        GATE: {"passed": report.passed},
    }


def _right(report: GateReport, kind: str) -> dict[str, float] | None:
    """Return which share of the songs of a kind is right; None if there are none."""
    changes = [one for one in report.genres if one.data == kind and one.songs > 0]
    songs = sum(one.songs for one in changes)
    if not songs:
        return None
    before = sum(one.right_before * one.songs for one in changes) / songs
    after = sum(one.right_after * one.songs for one in changes) / songs
    return {"before": round(before, 4), "after": round(after, 4), "songs": songs}
