"""Songs with other versions of them, for the stand-ins of the music services."""

import random
from collections.abc import Sequence
from typing import Final

from bot.domain.tracks import Track
from tests.stubs.music.catalogue import Song, moved, song, versions
from tests.support.song_mutations import Named, Typed

VERSION_TITLES: Final = {"live": "(Live", "sped up": "(Sped", "slowed": "(Slowed", "8d": "(8D",
                         "instrumental": "(Instr"}  # fmt: skip

Found = dict[str, tuple[Named, str]]
"""Id of a recording to its song and version."""


def catalogue(songs: Sequence[Named], rng: random.Random) -> tuple[list[Song], Found]:
    """Return what the stand-ins know, and which song and version each recording is.

    Of every third song another version is more popular than the original.
    """
    known: list[Song] = []
    right: Found = {}
    for named in songs:
        original = song(named.title, *named.artists, rank=rng.randrange(200_000, 900_000))
        made = list(versions(original))
        if rng.random() < 1 / 3:
            place = rng.randrange(len(made))
            made[place] = moved(made[place], rank=original.rank + 5_000)
        for one in (original, *made):
            version = version_of(one, original)
            right |= dict.fromkeys(_ids(one), (named, version))
            known.append(one)
    rng.shuffle(known)
    return known, right


def version_of(one: Song, original: Song) -> str:
    """Return which version of a song a recording of `versions` is; empty for the original."""
    note = one.title.removeprefix(original.title)
    if "Karaoke" in note or "Originally" in note:
        return "karaoke"
    if one.artist == "The Cover Crew" or "Cover" in note:
        return "cover"
    return next((v for v, start in VERSION_TITLES.items() if note.strip().startswith(start)), "")


def _ids(one: Song) -> list[str]:
    return [*one.spotify_ids, *filter(None, (one.isrc, one.mbid, str(one.deezer_id)))]


def is_right(track: Track, typed: Typed, right: Found) -> bool:
    """Return whether a track is the song and version that a search asks for, by its ids."""
    ids = (track.deezer_id, track.spotify_id, track.musicbrainz_id, track.isrc)
    found = next((right[one] for one in ids if one in right), None)
    return found == (typed.song, typed.version)
