"""Ids of songs in addresses of their own, such as `/song/2YpeDb67231RjR0MgVLzsG`.

A Spotify id stands alone; another service's id follows its name, as in `deezer-3135556`. A slash in
a service's id is written as a tilde: `bandcamp-artist~song`. Ids consist of characters that an
address never escapes (RFC 3986, 2.3), without the dot, which begins what is asked of a song.
"""

from typing import Final

from bot.domain import links
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef, Track

SEPARATOR: Final = "-"
SLASH: Final = "~"
"""Stands for the slash of ids that are paths; no service has it in its ids."""

MAX_LENGTH: Final = 600
"""Characters that are read; SoundCloud's ids have up to 511."""

RANKS: Final = (MusicService.SPOTIFY, MusicService.DEEZER, MusicService.MUSICBRAINZ)
"""Services whose ids stand for a track, the preferred one first; those of others rank last."""


def song_id(track: Track) -> str | None:
    """Return the id of a track in addresses; None if there is none by which it can be asked for."""
    ref = track.ref or _page_of(track)
    return of_ref(ref) if ref else None


def of_ref(ref: SubjectRef) -> str:
    """Return the id in addresses of a track that a link refers to."""
    if ref.service is MusicService.SPOTIFY:
        return ref.id
    return f"{ref.service}{SEPARATOR}{ref.id.replace('/', SLASH)}"


def parse(text: str) -> SubjectRef | None:
    """Return the track that an id in an address refers to; None if it is malformed.

    Each track of a service has one id: `of_ref` returns `text` again.
    """
    if len(text) > MAX_LENGTH or "/" in text:
        return None
    ref = _split(text)
    found = links.parse(links.subject_address(ref))
    if found is None or (found.kind, found.id, found.service) != (ref.kind, ref.id, ref.service):
        return None
    return ref


def canonical(ref: SubjectRef, track: Track) -> SubjectRef:
    """Return by which id the page of a track has its address, if it was asked for by `ref`.

    That is the id of a preferred service, if the track has one. Following it ends: each step leads
    to a service that is preferred to the one before.
    """
    better = track.ref
    return better if better and _rank(better) < _rank(ref) else ref


def _split(text: str) -> SubjectRef:
    for service in MusicService:
        start = f"{service}{SEPARATOR}"
        if service is not MusicService.SPOTIFY and text.startswith(start):
            found = text.removeprefix(start).replace(SLASH, "/")
            return SubjectRef(SubjectKind.TRACK, found, service)
    return SubjectRef(SubjectKind.TRACK, text)


def _page_of(track: Track) -> SubjectRef | None:
    """Return the track's page as a reference, if it is one of a music service."""
    found = links.parse(track.url) if track.url else None
    if found is None or found.kind != SubjectKind.TRACK:
        return None
    return SubjectRef(SubjectKind.TRACK, found.id, found.service)


def _rank(ref: SubjectRef) -> int:
    return RANKS.index(ref.service) if ref.service in RANKS else len(RANKS)
