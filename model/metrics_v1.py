"""Reads metrics in their first shape, which bundles in model stores may still have.

There a key in English named what was measured, and its value was either figures or figures by
feature pattern:

    {"split": ..., "chosen": {"rule": ..., "outcome": ...},
     "test": {"all": FIGURES, "core only": FIGURES},
     "test, artist named, the study's recipe": FIGURES,
     "test, all, without feedback": FIGURES}
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

SLICES: Final = {
    "": "all",
    "artist named": "artist_named",
    "no artist named": "no_artist_named",
    "artist named, leads nothing learnt": "no_shared_credit",
    "two tables agree": "two_tables_agree",
}
PATTERNS: Final = {
    "all": "all",
    "no duration": "no_duration",
    "no key and mode": "no_key_mode",
    "no key, mode and duration": "no_key_mode_duration",
    "core only": "core",
}
BASELINE: Final = "the study's recipe"
WITHOUT_FEEDBACK: Final = ", without feedback"


def upgrade(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return metrics of the first shape in that of `model.metrics`; unknown keys are dropped."""
    return {
        "split": content.get("split", ""),
        "selection": content.get("chosen"),
        "measurements": [
            measurement
            for key, value in content.items()
            if key.partition(",")[0] == "test" and isinstance(value, Mapping)
            for measurement in _measurements(key, value)
        ],
    }


def _measurements(key: str, value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the measurements of one entry."""
    name = key.removeprefix("test").removeprefix(", ")
    if name.endswith(WITHOUT_FEEDBACK):
        pattern = PATTERNS.get(name.removesuffix(WITHOUT_FEEDBACK))
        if pattern:
            yield _measurement("all", pattern, "without_feedback", value)
    elif name.endswith(BASELINE):
        slice_ = SLICES.get(name.removesuffix(BASELINE).removesuffix(", "))
        if slice_:
            yield _measurement(slice_, "core", "baseline", value)
    elif name in SLICES:
        for pattern_name, figures in value.items():
            if pattern_name in PATTERNS:
                yield _measurement(SLICES[name], PATTERNS[pattern_name], "ours", figures)


def _measurement(slice_: str, features: str, model: str, figures: Any) -> dict[str, Any]:
    return {
        "split": "test",
        "slice": slice_,
        "features": features,
        "model": model,
        "figures": figures,
    }
