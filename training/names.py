"""Names of slices, features and models in reports, from `names.toml`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from model.metrics import FeaturePattern, MeasuredModel, Slice

_NAMES: Final = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))

SLICE_NAMES: Final[Mapping[Slice, str]] = {Slice(k): name for k, name in _NAMES["slices"].items()}
PATTERN_NAMES: Final[Mapping[FeaturePattern, str]] = {
    FeaturePattern(key): name for key, name in _NAMES["features"].items()
}
MODEL_NAMES: Final[Mapping[MeasuredModel, str]] = {
    MeasuredModel(key): name for key, name in _NAMES["models"].items()
}
