"""Text of a card: headline, alternative text of its chart, plain-text version."""

from collections.abc import Iterator
from typing import Final

from bot.domain.cards import Answer, displayed_genres
from bot.domain.sanitize import one_line
from bot.domain.text import is_visible, shorten
from bot.domain.tracks import Track
from bot.texts import own_labels, sound
from bot.texts.bars import bar_lines
from bot.texts.details import small_print
from bot.texts.facts import facts
from bot.texts.filing import filed_under
from bot.texts.legend import HALF_OF_ALL
from bot.texts.numbers import LABELS, and_list, format_feature, percent
from bot.texts.traits import why
from bot.texts.verdicts import verdict
from model.percentiles import middle_half
from model.schema import RADAR

NO_TITLE: Final = "(no title)"
"""Stands for a title of invisible characters."""

BAR_WIDTH: Final = 30
"""Characters of a bar in a terminal at 100 %."""

FILED_HERE: Final = "(filed)"
"""Mark of the bars of the genres under which a song is filed, in a terminal."""


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


def short_headline(track: Track, max_length: int) -> str:
    """Return title and artists on one line, both shortened where they are too long together."""
    return title_and_artists(title(track), artists(track), max_length)


def title_and_artists(title: str, artists: str, max_length: int) -> str:
    """Join a title with artists, which may be empty.

    The artists tell songs of one title apart: at least half of the length is for them.
    """
    by = f" – {shorten(artists, max_length // 2)}" if artists else ""
    return shorten(title, max_length - len(by)) + by


def alt(answer: Answer, platform: str = "") -> str:
    """Return the chart's alternative text; `platform` says whose labels the song fits."""
    odds = [f"{genre} {percent(p)}" for genre, p in displayed_genres(answer).items()]
    filed = f"Filed under {and_list(answer.filed_under.genres)}. " if answer.filed_under else ""
    here = f"{said}. " if (said := own_labels.fits(answer, platform)) else ""
    start = f"{headline(answer.subject)}. Genres: {', '.join(odds)}. {filed}{here}"
    if answer.by_sound_alone:
        return f"{start}{sound.alt(answer)}".rstrip()
    values = answer.features.values
    known = ", ".join(_on_the_chart(name, values[name]) for name in RADAR if name in values)
    radar = f"Radar chart, compared with {HALF_OF_ALL}: {known}. " if known else ""
    tempo = f"Tempo {format_feature('tempo', values['tempo'])}." if "tempo" in values else ""
    return f"{start}{radar}{tempo}".rstrip()


def _on_the_chart(name: str, value: float) -> str:
    """Return a feature with its value, and on which side of the middle half of all songs it is."""
    low, high = middle_half(name)
    side = " (low)" if value < low else " (high)" if value > high else ""
    return f"{LABELS[name].lower()} {format_feature(name, value)}{side}"


def plain_text(answer: Answer, platform: str = "") -> str:
    """Return the whole card as plain text, for a terminal by default."""
    lines = [headline(answer.subject)]
    if answer.subject.url:
        lines.append(answer.subject.url)
    said = (
        filed_under(answer),
        sound.sound_opinion(answer),
        sound.heard_line(answer),
        own_labels.fits(answer, platform),
    )
    lines += ["", verdict(answer), *filter(None, (*said, facts(answer))), "", *_bars(answer)]
    lines += ["", reasons] if (reasons := why(answer)) else []
    values = [
        f"  {LABELS[name]:<14}{format_feature(name, value)}"
        for name, value in answer.features.values.items()
    ]
    lines += ["", *values] if values else []
    return "\n".join([*lines, "", small_print(answer)])


def _bars(answer: Answer) -> Iterator[str]:
    """Yield a bar for each displayed genre; those under which the song is filed say so."""
    for line in bar_lines(answer, BAR_WIDTH):
        mark = f"  {FILED_HERE}" if line.is_filed else ""
        yield f"  {line.genre:<11}{line.figures.rstrip()}{mark}"
