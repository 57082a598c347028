"""The card in words: headline, verdict, why, small print, and the whole of it as plain text."""

from collections.abc import Mapping
from typing import Final

from bot.domain.cards import Answer
from bot.domain.tracks import Track
from bot.texts.numbers import LABELS, and_list, figure, percent, reason
from model.classifier import Verdict
from model.schema import RADAR

SOURCES: Final[Mapping[str, str]] = {
    "sample": "the built-in sample of famous songs",
    "reccobeats": "ReccoBeats",
    "spotify": "Spotify",
}
"""Where features come from, in words."""

NOT_SURE: Final = "No genre fits it clearly, so take this as a guess."


def title(track: Track) -> str:
    """Name a track, even when only its id is known."""
    return track.title or f"Track {track.id}"


def artists(track: Track) -> str:
    """Name the artists; empty when they are not known."""
    return ", ".join(track.artists)


def headline(track: Track) -> str:
    """Name a track and its artists on one line."""
    return f"{title(track)} – {artists(track)}" if track.artists else title(track)


def verdict(answer: Answer) -> str:
    """Say which genre it is, and how surely."""
    first, second, *_ = answer.prediction.genres
    match answer.prediction.verdict:
        case Verdict.CLEAR:
            return f"Sounds like {first}."
        case Verdict.CLOSE:
            return f"Sounds like {first}, or {second}: too close, I would not bet."
        case Verdict.UNSURE:
            return f"Perhaps {first}. {NOT_SURE}"


def why(answer: Answer) -> str:
    """Say in one sentence what speaks most for the predicted genre."""
    if not answer.reasons:
        return ""
    return f"Why: {and_list(reason(found) for found in answer.reasons)}."


def small_print(answer: Answer) -> str:
    """Say where the features came from, what was missing, and which model answered."""
    parts = [f"Features from {SOURCES.get(answer.features.source, answer.features.source)}."]
    if answer.prediction.missing:
        missing = and_list(LABELS[name].lower() for name in answer.prediction.missing)
        parts.append(f"Not known: {missing}.")
    parts.append(f"Model: {answer.model.name} {answer.model.version}.")
    return " ".join(parts)


def alt(answer: Answer) -> str:
    """Describe the chart for people who see no picture."""
    values = answer.features.values
    known = [
        f"{LABELS[name].lower()} {figure(name, values[name])}" for name in RADAR if name in values
    ]
    odds = [f"{genre} {percent(p)}" for genre, p in list(answer.prediction.genres.items())[:5]]
    tempo = f" Tempo {figure('tempo', values['tempo'])}." if "tempo" in values else ""
    return (
        f"{headline(answer.track)}. Genres: {', '.join(odds)}. "
        f"Radar chart against the typical {answer.prediction.best} song: {', '.join(known)}.{tempo}"
    )


def plain(answer: Answer, rows: int = 5) -> str:
    """Write the whole card as text, for a terminal."""
    lines = [headline(answer.track)]
    if answer.track.url:
        lines.append(answer.track.url)
    lines += ["", verdict(answer), ""]
    for genre, probability in list(answer.prediction.genres.items())[:rows]:
        lines.append(f"  {genre:<11}{percent(probability):>6}  {'█' * round(probability * 30)}")
    values = answer.features.values
    lines += ["", why(answer), ""]
    lines += [f"  {LABELS[name]:<14}{figure(name, value)}" for name, value in values.items()]
    return "\n".join([*lines, "", small_print(answer)])
