"""Facts of a track on one line: tempo, key, length, year.

Tempo and key that were measured in a sound stand in for those that no source knows.
"""

from collections.abc import Iterable
from typing import Final

from bot.domain.cards import Answer
from bot.domain.tempo import other_tempo
from bot.texts import sound
from bot.texts.numbers import capitalise, format_feature

SEPARATOR: Final = " · "


def facts(answer: Answer, other_tempos: Iterable[float] = ()) -> str:
    """Return what is known of tempo, key, length and year, as in "136 BPM · F♯ major (2B) · 2:37".

    `other_tempos` are the track's tempos in BPM by other sources. What was measured in a sound is
    said with its doubt: "About 120 BPM, perhaps 60 · perhaps in A minor · 3:35".
    """
    values, track, heard = answer.features.values, answer.subject, answer.heard
    found = []
    if "tempo" in values:
        also = (heard.tempo,) if heard and heard.tempo else ()
        found.append(tempo(values["tempo"], (*other_tempos, *also)))
    elif heard and heard.tempo is not None:
        found.append(f"about {_tempo(heard.tempo, heard.other_tempo)}")
    if "key" in values:
        found.append(key(values["key"], values.get("mode")))
    elif heard and heard.key is not None:
        found.append(f"perhaps in {sound.key(heard.key)}")
    if (length := _length(answer)) is not None:
        found.append(format_feature("duration_ms", length))
    if track.year is not None:
        found.append(str(track.year))
    return capitalise(SEPARATOR.join(found))


def _length(answer: Answer) -> float | None:
    """Return the length in milliseconds; a file, unlike a preview, was decoded as a whole."""
    track, heard = answer.subject, answer.heard
    known = answer.features.values.get("duration_ms", track.duration_ms)
    if known is None and heard and track.sound_id:
        return heard.duration * 1000
    return known


def tempo(value: float, others: Iterable[float] = ()) -> str:
    """Return a tempo, with the double or half that may be meant: "71 BPM, perhaps 142"."""
    return _tempo(value, other_tempo(value, others))


def _tempo(value: float, doubt: float | None) -> str:
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
