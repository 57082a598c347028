"""Ids of songs in addresses of their own, such as `/song/2YpeDb67231RjR0MgVLzsG`.

A Spotify id stands alone; another service's id follows its name, as in `deezer-3135556`.
"""

from bot.domain import links
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef, Track

SEPARATOR = "-"


def song_id(track: Track) -> str | None:
    """Return the id of a track in addresses; None if it has no id by which it can be asked for."""
    return of_ref(track.ref) if track.ref else None


def of_ref(ref: SubjectRef) -> str:
    """Return the id in addresses of a track that a link refers to."""
    if ref.service is MusicService.SPOTIFY:
        return ref.id
    return f"{ref.service}{SEPARATOR}{ref.id}"


def parse(text: str) -> SubjectRef | None:
    """Return the track that an id in an address refers to; None if it is malformed."""
    name, separator, number = text.partition(SEPARATOR)
    service = name if separator else MusicService.SPOTIFY
    if service not in list(MusicService):
        return None
    ref = SubjectRef(SubjectKind.TRACK, number if separator else text, MusicService(service))
    found = links.parse(links.subject_address(ref))
    is_whole = found is not None and (found.kind, found.id, found.service) == (
        ref.kind,
        ref.id,
        ref.service,
    )
    return ref if is_whole else None
