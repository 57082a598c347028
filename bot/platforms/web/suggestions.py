"""Suggestions for what is being typed, as JSON for the page, which inserts all of it as text.

Each has a label, title and artists to display, the song's id in addresses (None if it is no song or
has none), and the message that asks for it in the chat.
"""

from collections.abc import Sequence

from bot import texts
from bot.domain import links, song_ids
from bot.domain.collections import Artist
from bot.domain.links import Link
from bot.domain.sanitize import one_line
from bot.domain.text import is_visible
from bot.domain.tracks import SubjectKind, Track
from bot.platforms.web.present import Json, message_for
from bot.services.autocomplete import Suggested
from bot.services.find import MAX_SEARCH_LENGTH
from bot.texts import search_page

MAX_SONGS = 8


def of_found(found: Suggested) -> list[Json]:
    """Return songs, and their artist: before them if most are of that artist, else after them."""
    songs = found.tracks[:MAX_SONGS]
    suggested = [of_track(track) for track in songs]
    if found.artist is None:
        return suggested
    by_artist = sum(found.artist.name in track.artists for track in songs)
    place = 0 if 2 * by_artist > len(songs) else len(suggested)
    return [*suggested[:place], of_artist(found.artist), *suggested[place:]]


def of_track(track: Track) -> Json:
    """Return the suggestion of a song."""
    return {
        "label": texts.choice_label(track),
        "title": texts.title(track),
        "artists": texts.artists(track),
        "song": song_ids.song_id(track),
        "text": message_for(track),
    }


def of_artist(artist: Artist) -> Json:
    """Return the suggestion of an artist; its message asks for the summary."""
    return {
        "label": search_page.artist_label(artist.name),
        "title": one_line(artist.name),
        "artists": search_page.ARTIST,
        "song": None,
        "text": links.subject_address(artist.ref),
    }


def of_links(text: str) -> list[Json] | None:
    """Return the one suggestion for the links of a text; None if it has no address."""
    found = links.find(text).links
    if found:
        return [_of_link(found)]
    if "://" not in text:
        return None
    return [_plain(search_page.UNKNOWN_LINK, one_line(text, MAX_SEARCH_LENGTH))]


def is_worth_asking(text: str) -> bool:
    """Return whether a text may be the beginning of a song's name."""
    return len(text) <= MAX_SEARCH_LENGTH and is_visible(text)


def _of_link(found: Sequence[Link]) -> Json:
    label = ", ".join(search_page.link_label(link) for link in found)
    suggested = _plain(label, " ".join(map(links.address, found)))
    subject = found[0].subject
    if len(found) == 1 and subject and subject.kind is SubjectKind.TRACK:
        suggested["song"] = song_ids.of_ref(subject)
    return suggested


def _plain(label: str, text: str) -> Json:
    return {"label": label, "title": label, "artists": "", "song": None, "text": text}
