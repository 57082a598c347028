"""Text of a summary: headline, sentence, gaps, small print, alt text, progress, plain text."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from bot.domain.collections import CollectionSummary, CollectionTrack
from bot.domain.errors import CollectionNotFound, CollectionUnreadable
from bot.domain.music_services import MusicService
from bot.domain.sanitize import MAX_NAME_LENGTH, one_line
from bot.domain.text import is_visible, shorten
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.texts import services
from bot.texts.card import NO_TITLE, title
from bot.texts.details import SOURCES
from bot.texts.numbers import LABELS, THIS_SONG, and_list, format_feature, percent
from model.schema import RADAR

MOSTLY: Final = 0.5
"""Share from which on a collection is mostly of one genre."""

NEARLY_ALL: Final = 0.85
"""Share from which on it is nearly all of one genre."""

WORTH_NAMING: Final = 0.05
"""Smallest share of a genre that the sentence names besides the first."""

MAX_NAMED: Final = 3
"""Genres that the sentence names."""

PICK_A_SONG: Final = "Now deeper: pick a song"
"""Placeholder of the menu, or line above the buttons, with a summary's songs."""

MOST_TYPICAL: Final = "most typical"
ODDEST: Final = "oddest"
"""Notes at these two songs in a menu."""

MEAN: Final = "mean ± spread"

SONGS: Final = "Songs"
UNKNOWN: Final = "?"

LOOKING_UP: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.ALBUM: "Reading the album",
    SubjectKind.PLAYLIST: "Reading the playlist",
    SubjectKind.ARTIST: "Reading the artist's top songs",
}


def name(summary: CollectionSummary) -> str:
    """Return the collection's title on one line."""
    return one_line(summary.title) if is_visible(summary.title) else NO_TITLE


def names(summary: CollectionSummary) -> str:
    """Return an album's artists on one line; empty if unknown, and for playlists and artists."""
    if summary.ref.kind is not SubjectKind.ALBUM:
        return ""
    return one_line(", ".join(filter(is_visible, summary.artists)))


def kind(summary: CollectionSummary) -> str:
    """Return what it is and how many songs it has, as in "album of 8 songs"."""
    if summary.ref.kind is SubjectKind.ARTIST:
        return "top song" if summary.count == 1 else f"top {summary.count:,} songs"
    return f"{summary.ref.kind} of {_songs(summary.count)}"


def headline(summary: CollectionSummary) -> str:
    """Return title, artists and kind on one line."""
    artists = names(summary)
    return f"{name(summary)}{f' – {artists}' if artists else ''}, {kind(summary)}"


def sentence(summary: CollectionSummary) -> str:
    """Return the largest genres, and the most typical and the oddest song if there are such."""
    sentences = [_genres(summary.genres)]
    if summary.most_typical and summary.oddest:
        typical, odd = _song(summary.most_typical), _song(summary.oddest)
        sentences.append(f"Most typical: {typical}; oddest: {odd}.")
    return " ".join(sentences)


def gaps(summary: CollectionSummary) -> str:
    """Return which songs are not part of the summary, and why; empty if all are."""
    beyond = summary.count - summary.read
    reasons = {
        f"my sources don't know {summary.unmeasured:,}": summary.unmeasured,
        f"{summary.unasked:,} could not be looked up this time": summary.unasked,
        f"I read the first {summary.read:,} only": beyond,
    }
    parts = [reason for reason, count in reasons.items() if count > 0]
    if not parts:
        return ""
    return f"From {summary.answered:,} of {_songs(summary.count)}: {and_list(parts)}."


def small_print(summary: CollectionSummary) -> str:
    """Return the sources of the features, how the songs were found, and the model."""
    sources = and_list(SOURCES.get(source, source) for source in summary.sources)
    found = " Songs found on Deezer by the title." if summary.found_by_title else ""
    model = f"{summary.model.name} {summary.model.version}"
    return f"Features from {sources}.{found} Model: {model}."


def pick_label(one: CollectionTrack, max_length: int = MAX_NAME_LENGTH) -> str:
    """Return how a choice names a song, as in "3. Rodeo: hip-hop 62 %"; a long title is cut."""
    start, end = f"{one.number}. ", f": {one.genre} {percent(one.probability)}"
    return f"{start}{shorten(title(one.track), max_length - len(start + end))}{end}"


def progress(ref: SubjectRef, done: int, total: int) -> str:
    """Return the line that is displayed while a collection is looked up.

    `total` is 0 before the collection's songs are known.
    """
    if not total:
        return f"{LOOKING_UP[ref.kind]}…"
    return f"{LOOKING_UP[ref.kind]}: {done:,} of {_songs(total)}…"


def is_progress(text: str) -> bool:
    """Return whether a text is a line that `progress` returned."""
    return text.startswith(tuple(LOOKING_UP.values()))


def alt(summary: CollectionSummary) -> str:
    """Return the chart's alternative text."""
    shares = [f"{genre} {percent(share)}" for genre, share in islice(summary.genres.items(), 6)]
    means = [
        f"{LABELS[feature].lower()} {format_mean(summary, feature)}"
        for feature in RADAR
        if feature in summary.features
    ]
    tempo = f" Tempo {mean_tempo(summary)}." if "tempo" in summary.features else ""
    return (
        f"{headline(summary)}. Shares of the genres: {', '.join(shares)}. "
        f"Radar chart of mean and spread against the typical {summary.best} song: "
        f"{', '.join(means)}.{tempo}"
    )


def plain_text(summary: CollectionSummary, rows: int = 5) -> str:
    """Return the whole summary as plain text for a terminal, with up to `rows` genres."""
    lines = [headline(summary)]
    if summary.url:
        lines.append(summary.url)
    lines += ["", sentence(summary), ""]
    for genre, share in islice(summary.genres.items(), rows):
        lines.append(f"  {genre:<11}{percent(share):>6}  {'█' * round(share * 30)}")
    lines.append("")
    lines += [f"  {pick_label(one)}" for one in summary.tracks]
    lines.append("")
    lines += [f"  {LABELS[name]:<14}{format_mean(summary, name)}" for name in summary.features]
    lines += ["", missing] if (missing := gaps(summary)) else []
    return "\n".join([*lines, "", small_print(summary)])


def short_text(summary: CollectionSummary) -> str:
    """Return the summary in a few lines, for places without a layout for it."""
    lines = (headline(summary), summary.url or "", sentence(summary), gaps(summary))
    return "\n".join(filter(None, lines))


def format_mean(summary: CollectionSummary, feature: str) -> str:
    """Return mean and spread of a feature, as in "118 ± 12 BPM"; of one song just its value."""
    mean = format_feature(feature, summary.features[feature])
    if summary.answered == 1:
        return mean
    spread = format_feature(feature, summary.spread[feature])
    value, _, unit = mean.partition(" ")
    return f"{value} ± {spread.partition(' ')[0]}{f' {unit}' if unit else ''}"


def legend(summary: CollectionSummary) -> str:
    """Return the label of the chart's outline and the band around it."""
    return THIS_SONG if summary.answered == 1 else MEAN


def answered_of(summary: CollectionSummary) -> str:
    """Return how many songs the summary is made from, as in "64 of 97"; "8" if it is all."""
    answered = f"{summary.answered:,}"
    return answered if summary.answered == summary.count else f"{answered} of {summary.count:,}"


def mean_tempo(summary: CollectionSummary) -> str:
    """Return mean and spread of the tempo; a question mark if it is unknown."""
    return format_mean(summary, "tempo") if "tempo" in summary.features else UNKNOWN


def _genres(genres: Mapping[str, float]) -> str:
    (best, share), *others = islice(genres.items(), MAX_NAMED)
    labels = [f"{genre} ({percent(part)})" for genre, part in others if part >= WORTH_NAMING]
    largest = f"{best} ({percent(share)})"
    if share >= NEARLY_ALL:
        return f"Nearly all {largest}."
    if share >= MOSTLY:
        return f"Mostly {largest}{f', then {and_list(labels)}' if labels else ''}."
    return f"A mix: {and_list([largest, *labels])}."


def _song(one: CollectionTrack) -> str:
    return f"“{title(one.track)}” ({one.genre})"


def _songs(count: int) -> str:
    return "1 song" if count == 1 else f"{count:,} songs"


def failure(error: CollectionNotFound | CollectionUnreadable) -> str:
    """Return the reply to a link whose collection does not exist or cannot be read."""
    service, what = services.NAMES[error.ref.service], str(error.ref.kind)
    if isinstance(error, CollectionNotFound):
        return f"I can't find that {what} on {service}. Check the link?"
    at_deezer = error.ref.service is MusicService.DEEZER
    advice = "Paste links to its songs" + ("?" if at_deezer else ", or its Deezer link?")
    if not is_visible(error.title or ""):
        return f"I can't read that {what} on {service}. {advice}"
    title = f"“{one_line(str(error.title))}”"
    if error.ref.kind is SubjectKind.PLAYLIST:
        return f"I can't read the playlist {title} on {service}. {advice}"
    return f"I can't read {title} on {service}, nor tell which {what} it is on Deezer. {advice}"
