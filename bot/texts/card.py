"""Text of a card: headline, verdict, explanation, small print, alt text, plain-text version."""

from collections.abc import Mapping
from typing import Final

from bot.domain.cards import Answer
from bot.domain.tracks import Track
from bot.texts.numbers import LABELS, and_list, format_feature, percent, reason
from model.classifier import Verdict
from model.schema import RADAR

SOURCES: Final[Mapping[str, str]] = {
    "sample": "the built-in sample of famous songs",
    "reccobeats": "ReccoBeats",
    "spotify": "Spotify",
}
"""Display name of each source of audio features."""

NOT_SURE: Final = "No genre fits it clearly, so take this as a guess."


def title(track: Track) -> str:
    """Return the track's title, or its id if the title is unknown."""
    return track.title or f"Track {track.spotify_id}"


def artists(track: Track) -> str:
    """Return the artists as a comma-separated list; empty if unknown."""
    return ", ".join(track.artists)


def headline(track: Track) -> str:
    """Return title and artists on one line."""
    return f"{title(track)} – {artists(track)}" if track.artists else title(track)


def verdict(answer: Answer) -> str:
    """Return the predicted genre, worded by the verdict."""
    first, second, *_ = answer.prediction.genres
    match answer.prediction.verdict:
        case Verdict.CLEAR:
            return f"Sounds like {first}."
        case Verdict.CLOSE:
            return f"Sounds like {first}, or {second}: too close, I would not bet."
        case Verdict.UNSURE:
            return f"Perhaps {first}. {NOT_SURE}"


def why(answer: Answer) -> str:
    """Return the strongest reasons for the predicted genre in one sentence, or an empty string."""
    if not answer.reasons:
        return ""
    return f"Why: {and_list(reason(item) for item in answer.reasons)}."


def small_print(answer: Answer) -> str:
    """Return the source of the features, the missing features and the model version."""
    parts = [f"Features from {SOURCES.get(answer.features.source, answer.features.source)}."]
    if answer.prediction.missing:
        missing = and_list(LABELS[name].lower() for name in answer.prediction.missing)
        parts.append(f"Not known: {missing}.")
    parts.append(f"Model: {answer.model.name} {answer.model.version}.")
    return " ".join(parts)


def alt(answer: Answer) -> str:
    """Return the chart's alternative text."""
    values = answer.features.values
    known = [
        f"{LABELS[name].lower()} {format_feature(name, values[name])}"
        for name in RADAR
        if name in values
    ]
    odds = [f"{genre} {percent(p)}" for genre, p in list(answer.prediction.genres.items())[:5]]
    tempo = f" Tempo {format_feature('tempo', values['tempo'])}." if "tempo" in values else ""
    return (
        f"{headline(answer.subject)}. Genres: {', '.join(odds)}. "
        f"Radar chart against the typical {answer.prediction.best} song: {', '.join(known)}.{tempo}"
    )


def plain_text(answer: Answer, rows: int = 5) -> str:
    """Return the whole card as plain text for a terminal, with up to `rows` genres."""
    lines = [headline(answer.subject)]
    if answer.subject.url:
        lines.append(answer.subject.url)
    lines += ["", verdict(answer), ""]
    for genre, probability in list(answer.prediction.genres.items())[:rows]:
        lines.append(f"  {genre:<11}{percent(probability):>6}  {'█' * round(probability * 30)}")
    values = answer.features.values
    lines += ["", why(answer), ""]
    lines += [
        f"  {LABELS[name]:<14}{format_feature(name, value)}" for name, value in values.items()
    ]
    return "\n".join([*lines, "", small_print(answer)])
