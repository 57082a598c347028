"""Thresholds of the rules of the music guard, read from music_guard.toml."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

FILE: Final = Path(__file__).with_name("music_guard.toml")


@dataclass(frozen=True, slots=True)
class Speech:
    """Of speech: it has pauses, much modulation, and neither lasting tones nor a pulse."""

    min_pauses: float
    min_modulation: float
    pulse_weight: float
    max_music: float
    long_seconds: float
    short_pulse: float
    sure_modulation: float
    min_vocal_tag: float
    max_other_tag: float


@dataclass(frozen=True, slots=True)
class Steady:
    """Of steady noise, such as hum."""

    max_modulation: float
    max_spread: float


@dataclass(frozen=True, slots=True)
class Tone:
    """Of a single tone."""

    max_spread: float
    max_flatness: float


@dataclass(frozen=True, slots=True)
class Clicks:
    """Of a few clicks."""

    min_long_pauses: float
    max_persistence: float


@dataclass(frozen=True, slots=True)
class Toneless:
    """Of noise that has neither tones nor a pulse."""

    max_persistence: float
    max_roughness: float
    max_pulse: float
    max_distorted_tag: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All thresholds; music_guard.toml says what each means.

    Attributes:
        silent_below: Level of the loudest 400 ms of a silent sound, in dB of full scale.
    """

    silent_below: float
    speech: Speech
    steady: Steady
    tone: Tone
    clicks: Clicks
    toneless: Toneless


@cache
def thresholds() -> Thresholds:
    """Return the thresholds that are shipped."""
    return read(FILE.read_text(encoding="utf-8"))


def read(text: str) -> Thresholds:
    """Read thresholds; raise ValueError if one is missing, unknown or no finite number."""
    content = tomllib.loads(text)
    silent_below = content.pop("silent_below", None)
    if set(content) != {"speech", "steady", "tone", "clicks", "toneless"}:
        raise ValueError(f"thresholds: other sections than are known: {sorted(content)}")
    return Thresholds(
        silent_below=_number("silent_below", silent_below),
        speech=_section(Speech, content["speech"]),
        steady=_section(Steady, content["steady"]),
        tone=_section(Tone, content["tone"]),
        clicks=_section(Clicks, content["clicks"]),
        toneless=_section(Toneless, content["toneless"]),
    )


Section = TypeVar("Section", Speech, Steady, Tone, Clicks, Toneless)


def _section(kind: type[Section], values: Mapping[str, Any]) -> Section:
    names = list(kind.__dataclass_fields__)
    if sorted(values) != sorted(names):
        raise ValueError(f"thresholds of {kind.__name__}: {sorted(values)}, not {sorted(names)}")
    return kind(**{name: _number(name, values[name]) for name in names})


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"threshold {name} is no finite number: {value!r}")
    return float(value)
