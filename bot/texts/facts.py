"""Facts of a track on one line: tempo, key, length, year."""

from collections.abc import Iterable
from typing import Final

from bot.domain.cards import Answer
from bot.domain.tempo import other_tempo
from bot.texts.numbers import format_feature

SEPARATOR: Final = " · "


def facts(answer: Answer, other_tempos: Iterable[float] = ()) -> str:
    """Return what is known of tempo, key, length and year, as in "136 BPM · F♯ major (2B) · 2:37".

    `other_tempos` are the track's tempos in BPM by other sources.
    """
    values, track = answer.features.values, answer.subject
    found = []
    if "tempo" in values:
        found.append(tempo(values["tempo"], other_tempos))
    if "key" in values:
        found.append(key(values["key"], values.get("mode")))
    if (length := values.get("duration_ms", track.duration_ms)) is not None:
        found.append(format_feature("duration_ms", length))
    if track.year is not None:
        found.append(str(track.year))
    return SEPARATOR.join(found)


def tempo(value: float, others: Iterable[float] = ()) -> str:
    """Return a tempo, with the double or half that may be meant: "71 BPM, perhaps 142"."""
    doubt = other_tempo(value, others)
    perhaps = "" if doubt is None else f", perhaps {doubt:.0f}"
    return f"{format_feature('tempo', value)}{perhaps}"


def key(pitch: float, mode: float | None) -> str:
    """Return a key with its Camelot code: "F♯ major (2B)"; the pitch alone without a mode."""
    name = format_feature("key", pitch)
    if mode is None:
        return name
    return f"{name} {format_feature('mode', mode)} ({camelot(int(pitch), major=bool(mode))})"


def camelot(pitch: int, *, major: bool) -> str:
    """Return a key's code on the Camelot wheel.

    A fifth up is the next number; C major is 8B, and a minor key has the number of its relative
    major, with A. Source: https://mixedinkey.com/harmonic-mixing-guide/.

    Args:
        pitch: Pitch class of the tonic, 0 for C to 11 for B.
        major: Whether the key is major.
    """
    tonic = pitch if major else pitch + 3
    return f"{(7 * tonic + 7) % 12 + 1}{'B' if major else 'A'}"
