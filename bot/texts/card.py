"""Text of a card: headline, verdict, explanation, small print, alt text, plain-text version."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.cards import Answer, displayed_genres
from bot.domain.sanitize import one_line
from bot.domain.text import is_visible
from bot.domain.tracks import Track
from bot.texts import sound
from bot.texts.facts import facts
from bot.texts.filing import filed_under
from bot.texts.numbers import LABELS, and_list, format_feature, percent, reason
from bot.texts.verdicts import verdict
from model.schema import RADAR
from model.verdicts import Verdict

NO_TITLE: Final = "(no title)"
"""Stands for a title of invisible characters."""

SOURCES: Final[Mapping[str, str]] = {
    "sample": "the built-in sample of famous songs",
    "reccobeats": "ReccoBeats",
    "spotify": "Spotify",
    "tables": "the training tables",
    "musicbrainz": "MusicBrainz",
    "listenbrainz": "ListenBrainz",
    "lastfm": "Last.fm",
    "discogs": "Discogs",
    "audio": "the sound itself",
    "reccobeats-analysis": "ReccoBeats' analysis of a preview",
    "deezer": "Deezer",
    "itunes": "iTunes",
}
"""Display name of each source of audio features, of filed genres and of previews."""

PRIORS: Final[Mapping[str, str]] = {
    "popular": "popular music",
    "tables": "the training tables",
    "even": "every genre alike",
}
"""Display name of each prior."""


NOT_FILED: Final = "Not known where it is filed."
NO_FEATURES: Final = "No figures of this song are known."
NOTHING_KEPT: Final = "Neither the file nor its name is kept, and nothing is learned from it."
HEARD_KEPT: Final = "The sound is not kept; what was heard is, on this computer."


def title(track: Track) -> str:
    """Return the track's title on one line, or its id if the title is unknown."""
    if is_visible(track.title):
        return one_line(track.title)
    return NO_TITLE if track.title or not track.spotify_id else f"Track {track.spotify_id}"


def artists(track: Track) -> str:
    """Return the artists on one line as a comma-separated list; empty if unknown."""
    return one_line(", ".join(filter(is_visible, track.artists)))


def headline(track: Track) -> str:
    """Return title and artists on one line."""
    names = artists(track)
    return f"{title(track)} – {names}" if names else title(track)


def why(answer: Answer) -> str:
    """Return the strongest reasons for the predicted genre in one sentence, or an empty string.

    Where the verdict names several genres, it says of which the reasons are.
    """
    if not answer.reasons:
        return ""
    plain = answer.prediction.verdict is Verdict.PLAIN
    question = "Why" if plain else f"Why {answer.prediction.best}"
    return f"{question}: {and_list(reason(item) for item in answer.reasons)}."


def small_print(answer: Answer) -> str:
    """Return the sources and the gaps of what the model was given, the prior and the model."""
    if answer.by_sound_alone:
        return " ".join(filter(None, _sound_small_print(answer)))
    parts = [f"Features from {_source(answer.features.source)}."]
    if answer.heard:
        parts.append(sound.how_much(answer.heard, answer.subject))
    if filed := answer.filed_under:
        parts.append(f"Filed by {_source(filed.source)}.")
    else:
        parts.append(NOT_FILED)
    if answer.prediction.missing:
        missing = and_list(LABELS[name].lower() for name in answer.prediction.missing)
        parts.append(f"Not known: {missing}.")
    if answer.prediction.year_counted:
        parts.append(f"Its year counted: {answer.subject.year}.")
    if prior := answer.prediction.prior:
        parts.append(f"Prior: {PRIORS.get(prior, prior)}.")
    parts.append(f"Model: {answer.model.name} {answer.model.version}.")
    if answer.heard:
        parts.append(f"Of the sound: {answer.heard.model} {answer.heard.model_version}.")
    return " ".join(parts)


def _sound_small_print(answer: Answer) -> Iterator[str]:
    """Yield the sentences of the small print of an answer by sound alone; some may be empty."""
    heard, is_file = answer.heard, answer.subject.sound_id is not None
    if not is_file:
        yield NO_FEATURES
    if heard:
        yield sound.how_much(heard, answer.subject)
        if heard.loudness is not None:
            yield f"Loudness {sound.loudness(heard.loudness)}."
    if filed := answer.filed_under:
        yield f"Filed by {_source(filed.source)}."
    elif not is_file:  # no source knows the genres of a sound file
        yield NOT_FILED
    yield sound.unhearable(answer)
    if is_file:
        yield HEARD_KEPT if heard and heard.is_kept else NOTHING_KEPT
    yield f"Model: {answer.model.name} {answer.model.version}."


def alt(answer: Answer) -> str:
    """Return the chart's alternative text."""
    odds = [f"{genre} {percent(p)}" for genre, p in displayed_genres(answer).items()]
    filed = f"Filed under {and_list(answer.filed_under.genres)}. " if answer.filed_under else ""
    start = f"{headline(answer.subject)}. Genres: {', '.join(odds)}. {filed}"
    if answer.by_sound_alone:
        return f"{start}{sound.alt(answer)}".rstrip()
    values = answer.features.values
    known = [
        f"{LABELS[name].lower()} {format_feature(name, values[name])}"
        for name in RADAR
        if name in values
    ]
    tempo = f" Tempo {format_feature('tempo', values['tempo'])}." if "tempo" in values else ""
    return (
        f"{start}Radar chart against the typical {answer.prediction.best} song: "
        f"{', '.join(known)}.{tempo}"
    )


def plain_text(answer: Answer) -> str:
    """Return the whole card as plain text for a terminal."""
    lines = [headline(answer.subject)]
    if answer.subject.url:
        lines.append(answer.subject.url)
    said = (filed_under(answer), sound.sound_opinion(answer), sound.heard_line(answer))
    lines += ["", verdict(answer), *filter(None, (*said, facts(answer))), ""]
    for genre, probability in displayed_genres(answer).items():
        lines.append(f"  {genre:<11}{percent(probability):>6}  {'█' * round(probability * 30)}")
    lines += ["", why(answer)] if answer.reasons else []
    values = [
        f"  {LABELS[name]:<14}{format_feature(name, value)}"
        for name, value in answer.features.values.items()
    ]
    lines += ["", *values] if values else []
    return "\n".join([*lines, "", small_print(answer)])


def _source(name: str) -> str:
    return SOURCES.get(name, name)
