"""Main figures of a version, for the list of all versions."""

from typing import Any, Final

from model.gate_report import GateReport
from model.metrics import FeaturePattern, Metrics

MAIN: Final = ("weighted_f1", "macro_f1", "top_3", "calibration_error", "rows")
"""Figures of the test split that are listed."""

PATTERNS: Final = (FeaturePattern.WITH_YEAR, FeaturePattern.ALL, FeaturePattern.CORE)
"""Features that a song has, most first; the first that were measured are those of all features."""

CORRECTIONS: Final = "corrections"
GATE: Final = "gate"


def figures(metrics: Metrics, report: GateReport | None) -> dict[str, Any]:
    """Return the main figures by name.

    Args:
        metrics: The bundle's metrics. Of its figures with all features that the model takes, those
            in MAIN are returned; none if none were measured.
        report: The gate's report. With one, `gate` is whether all checks passed, and
            `corrections` has the share of held-back corrections that are right `before` and
            `after`, 0-1, and the number of their `songs`, if there are any.
    """
    found: dict[str, Any] = {}
    measured = (metrics.find(features=pattern) for pattern in PATTERNS)
    if best := next((one for one in measured if one), None):
        found = {name: getattr(best, name) for name in MAIN}
    if report:
        found |= _corrections(report) | {GATE: {"passed": report.passed}}
    return found


def _corrections(report: GateReport) -> dict[str, Any]:
    changes = [one for one in report.genres if one.data == CORRECTIONS and one.songs > 0]
    songs = sum(one.songs for one in changes)
    if not songs:
        return {}
    before = sum(one.right_before * one.songs for one in changes) / songs
    after = sum(one.right_after * one.songs for one in changes) / songs
    return {CORRECTIONS: {"before": round(before, 4), "after": round(after, 4), "songs": songs}}
