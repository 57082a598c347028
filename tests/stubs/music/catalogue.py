"""The songs that the stand-ins of the music services know."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE64: Final = BASE62 + "-_"

NO_TAGS: Mapping[str, int] = {}


@dataclass(frozen=True)
class Song:
    """A recording, as the services together know it. `song` fills in what a test leaves open.

    Attributes:
        title: Title, with the version in brackets if there is one.
        artists: Credited artists.
        album: Title of the album; its artist is the first one of the song.
        isrc: ISRC, None if no service knows one.
        spotify_ids: Spotify ids of the recording, as re-releases have several.
        deezer_id: Deezer's id, None if Deezer does not have it; likewise the other ids.
        mbid: MusicBrainz recording id.
        itunes_id: Apple Music's track id.
        youtube_id: Id of a video.
        tidal_id: Tidal's track id.
        soundcloud: `user/track` of a SoundCloud page.
        bandcamp: `artist/slug` of a Bandcamp page.
        year: Year of first release.
        duration_ms: Length in milliseconds.
        tags: Genre tags of the recording, with the people who gave each.
        album_tags: Genre tags of the release group.
        artist_tags: Genre tags of the first artist.
        features: ReccoBeats' audio features; None if it does not know the recording.
        known_ids: The Spotify ids by which ReccoBeats knows it; it finds others by ISRC only.
        bpm: Deezer's tempo, 0 if it has none.
        rank: Deezer's popularity, 0 to 1,000,000.
        video_title: Title of the video, if it is not "Artist - Title (Official Video)".
        channel: Channel of the video.
    """

    title: str
    artists: tuple[str, ...]
    album: str
    isrc: str | None
    spotify_ids: tuple[str, ...]
    deezer_id: int | None
    mbid: str | None
    itunes_id: int | None
    youtube_id: str | None
    tidal_id: int | None
    soundcloud: str | None
    bandcamp: str | None
    year: int | None
    duration_ms: int
    tags: Mapping[str, int] = field(default_factory=dict)
    album_tags: Mapping[str, int] = field(default_factory=dict)
    artist_tags: Mapping[str, int] = field(default_factory=dict)
    features: Mapping[str, float] | None = None
    known_ids: tuple[str, ...] | None = None
    bpm: float = 0
    rank: int = 500_000
    video_title: str | None = None
    channel: str | None = None

    @property
    def spotify_id(self) -> str | None:
        """The first Spotify id."""
        return next(iter(self.spotify_ids), None)

    @property
    def artist(self) -> str:
        """The first artist."""
        return self.artists[0]

    @property
    def credit(self) -> str:
        """The artists as MusicBrainz credits them."""
        first, *others = self.artists
        return f"{first} feat. {' & '.join(others)}" if others else first

    @property
    def reccobeats_ids(self) -> tuple[str, ...]:
        """The Spotify ids by which ReccoBeats knows the recording."""
        return self.spotify_ids if self.known_ids is None else self.known_ids

    @property
    def album_id(self) -> int:
        """Deezer's and Apple's id of the album, the same for all its songs."""
        return number(f"album {self.artist} {self.album}")

    @property
    def artist_id(self) -> int:
        """Deezer's and Apple's id of the first artist."""
        return number(f"artist {self.artist}")

    @property
    def album_spotify_id(self) -> str:
        """Spotify's id of the album."""
        return base62(f"album {self.artist} {self.album}")

    @property
    def album_mbid(self) -> str:
        """MusicBrainz' id of the release group."""
        return uuid(f"release group {self.artist} {self.album}")


def song(title: str = "Old Town Road", *artists: str, **known: Any) -> Song:
    """Return a song with ids made from its names; `known` replaces any of its fields.

    Equal arguments give equal ids.
    """
    credited = artists or ("Lil Nas X",)
    name = f"{title} - {', '.join(credited)}"
    digits = number(name)
    fields: dict[str, Any] = {
        "album": f"{title} Album",
        "isrc": f"QZ{_letters(name, 3)}{digits % 10**7:07}",
        "spotify_ids": (base62(name),),
        "deezer_id": digits,
        "mbid": uuid(name),
        "itunes_id": digits + 1,
        "youtube_id": "".join(BASE64[byte % 64] for byte in _hash(f"video {name}")[:11]),
        "tidal_id": digits + 2,
        "soundcloud": f"{slug(credited[0])}/{slug(title)}",
        "bandcamp": f"{slug(credited[0])}/{slug(title)}",
        "year": 1960 + digits % 60,
        "duration_ms": 150_000 + digits % 150_000,
        "tags": {"pop": 3, "rock": 1},
        "features": features(name),
    }
    return Song(title=title, artists=credited, **(fields | known))


def versions(original: Song) -> Iterator[Song]:
    """Yield the karaoke, cover, live, sped-up, slowed, 8D and remastered versions of a song."""
    title, artist = original.title, original.artist
    made = (
        (f"{title} (Karaoke Version)", (f"{artist} Karaoke",)),
        (f"{title} (Originally Performed by {artist})", ("Karaoke Universe",)),
        (title, ("The Cover Crew",)),
        (f"{title} (Cover)", ("Piano Tribute Players",)),
        (f"{title} (Live)", original.artists),
        (f"{title} (Live at Wembley)", original.artists),
        (f"{title} (Sped Up)", original.artists),
        (f"{title} (Slowed + Reverb)", (f"{artist} Vibes",)),
        (f"{title} (8D Audio)", ("8D Tunes",)),
        (f"{title} (Instrumental)", original.artists),
        (f"{title} - 2011 Remaster", original.artists),
    )
    for place, (name, artists) in enumerate(made):
        yield song(name, *artists, rank=max(0, original.rank - 10_000 * place), tags=NO_TAGS)


def with_versions(songs: Sequence[Song]) -> list[Song]:
    """Return songs, each followed by its versions."""
    return [one for original in songs for one in (original, *versions(original))]


def features(seed: str) -> dict[str, float]:
    """Return valid audio features made from a text."""
    shares = _hash(f"features {seed}")
    names = ("acousticness", "danceability", "energy", "instrumentalness", "liveness",
             "speechiness", "valence")  # fmt: skip
    found = {name: round(share / 255, 3) for name, share in zip(names, shares, strict=False)}
    tempo, loudness = 70 + shares[10] / 3, -20 + shares[11] / 16
    return found | {
        "key": shares[8] % 12,
        "mode": shares[9] % 2,
        "tempo": round(tempo, 2),
        "loudness": round(loudness, 2),
    }


def merged(songs: Sequence[Song]) -> list[Song]:
    """Return songs without those that have the same artists and title as an earlier one."""
    return list({(one.title, one.artists): one for one in reversed(songs)}.values())[::-1]


def moved(one: Song, **fields: Any) -> Song:
    """Return a song with other fields."""
    return replace(one, **fields)


def base62(seed: str) -> str:
    """Return an id in Spotify's form."""
    return "".join(BASE62[byte % 62] for byte in _hash(f"spotify {seed}")[:22])


def uuid(seed: str) -> str:
    """Return an id in MusicBrainz' form."""
    text = _hash(f"mbid {seed}").hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"


def number(seed: str) -> int:
    """Return an id in Deezer's form, below 2^31."""
    return 1 + int.from_bytes(_hash(f"number {seed}")[:4], "big") % (2**31 - 10)


def slug(text: str) -> str:
    """Return a text as the addresses of SoundCloud and Bandcamp write it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-") or "untitled"


def _letters(seed: str, count: int) -> str:
    return "".join(BASE62[10 + byte % 26] for byte in _hash(f"letters {seed}")[:count])


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
