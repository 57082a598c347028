"""MusicBrainz' web service (https://musicbrainz.org/doc/MusicBrainz_API), without a key.

What may be included is fixed by its server's source (metabrainz/musicbrainz-server,
`lib/MusicBrainz/Server/Controller/WS/2/`): a look-up by ISRC gives the tags of the recording and of
its artists, but neither genres nor release groups; the tags of release groups are in the
releases that have the recording. Genres are those of the tags that MusicBrainz knows as genres.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.domain.filing import GenreTags
from bot.domain.music_services import MusicService
from bot.domain.song_query import SongQuery
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources import names, track_fields
from bot.sources.cached import ISRC, MUSICBRAINZ, SPOTIFY, key_of
from bot.sources.genre_tags import genre_tags
from bot.sources.http_client import HttpService
from bot.sources.reply_cache import CachedReplies
from model.years import read_year

NAME: Final = "musicbrainz"
MAX_RESULTS: Final = 25
INCLUDED: Final = "artist-credits isrcs tags url-rels"

MAX_WORDS: Final = 20
"""Words of a search that are used."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as MusicBrainz describes it.

    Attributes:
        track: What is known of the track.
        tags: Its own tags; None if it has none.
        artist_tags: The tags of its artists; None if they have none.
    """

    track: Track
    tags: GenreTags | None
    artist_tags: GenreTags | None


class MusicBrainz:
    """Implements TrackLookup, TrackSearch and GenreTagSource.

    Args:
        service: The web service.
        is_genre: Whether a tag names a genre; a recording whose tags name none is filed by those of
            its release group, else of its artists.
        replies: Cache of the recordings, from which both names and tags are read.
    """

    name = NAME

    def __init__(
        self,
        service: HttpService,
        is_genre: Callable[[str], bool] = bool,
        replies: CachedReplies[Recording] | None = None,
    ) -> None:
        self._service = service
        self._is_genre = is_genre
        self._replies = replies

    async def get(self, known: Track) -> Track | None:
        """Return the track with a MusicBrainz id, an ISRC or a Spotify id."""
        found = await self.recording(known)
        return found.track if found else None

    async def recording(self, known: Track) -> Recording | None:
        """Return track and tags of a recording in one request, by Spotify id in two."""
        key = key_of(known, (MUSICBRAINZ, ISRC, SPOTIFY))
        if self._replies is None or key is None:
            return await self._recording(known)
        return await self._replies.get(key, lambda: self._recording(known))

    async def _recording(self, known: Track) -> Recording | None:
        mbid, code = track_fields.uuid(known.musicbrainz_id), track_fields.isrc(known.isrc)
        if mbid is None and code:
            found = await self._by_isrc(code)
            if found or known.spotify_id is None:
                return found
        mbid = mbid or await self._mbid_of(track_fields.spotify_id(known.spotify_id))
        if mbid is None:
            return None
        row = await self._get("recording", f"/recording/{mbid}", inc=INCLUDED)
        return None if row is None else self._read(row)

    async def tags(self, track: Track) -> GenreTags | None:
        """Return the tags of a recording, else of its release group, else of its artists."""
        found = await self.recording(track)
        if found is None:
            return None
        if self._names_genre(found.tags):
            return found.tags
        if self._names_genre(groups := await self._release_group_tags(found.track)):
            return groups
        return found.artist_tags or groups or found.tags

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return the recordings whose title and artists have the words of a query."""
        words = [word for word in query.words.split() if any(map(str.isalnum, word))][:MAX_WORDS]
        if not words:
            return []
        each = (f"(recording:{quoted(word)} OR artist:{quoted(word)})" for word in words)
        wanted = " AND ".join(each)
        reply = await self._get("search", "/recording", query=wanted, limit=str(MAX_RESULTS))
        match reply:
            case None:
                return []
            case {"recordings": list(rows)}:
                return [self._read(row).track for row in track_fields.rows_of(rows, MAX_RESULTS)]
            case _:
                raise self._service.malformed("no list of recordings")

    async def _by_isrc(self, code: str) -> Recording | None:
        match await self._get("isrc", f"/isrc/{code}", inc=INCLUDED):
            case None:
                return None
            case {"recordings": list(rows)}:
                found = [self._read(row) for row in track_fields.rows_of(rows)]
            case _:
                raise self._service.malformed("no list of recordings")
        if not found:
            return None
        # An ISRC may be shared by mistake: the recording that people tagged is the known one.
        best = max(found, key=lambda one: (bool(one.tags), bool(one.track.year)))
        return replace(best, track=replace(best.track, isrc=code))

    async def _mbid_of(self, spotify_id: str | None) -> str | None:
        """Return the recording that MusicBrainz links with a track at Spotify."""
        if spotify_id is None:
            return None
        page = f"https://open.spotify.com/track/{spotify_id}"
        match await self._get("url", "/url", resource=page, inc="recording-rels"):
            case None:
                return None
            case {"relations": list(rows)}:
                linked = (row.get("recording") for row in track_fields.rows_of(rows))
                ids = (track_fields.uuid(row.get("id")) for row in linked if isinstance(row, dict))
                return next((mbid for mbid in ids if mbid), None)
            case {"resource": str()}:
                return None
            case _:
                raise self._service.malformed("no relations")

    async def _release_group_tags(self, track: Track) -> GenreTags | None:
        """Return the tags of the earliest release group with tags that has a recording."""
        reply = await self._get(
            "release", "/release", recording=str(track.musicbrainz_id),
            inc="release-groups tags", limit="100",
        )  # fmt: skip
        match reply:
            case None:
                return None
            case {"releases": list(rows)}:
                groups = [
                    group
                    for row in track_fields.rows_of(rows)
                    if isinstance(group := row.get("release-group"), dict)
                ]
            case _:
                raise self._service.malformed("no list of releases")
        groups.sort(key=lambda group: str(group.get("first-release-date") or "9999"))
        tagged = (genre_tags(NAME, group.get("tags")) for group in groups)
        found = [tags for tags in tagged if tags]
        return next(filter(self._names_genre, found), next(iter(found), None))

    async def _get(self, endpoint: str, path: str, **params: str) -> Any:
        return await self._service.get(endpoint, f"/ws/2{path}", headers=None, fmt="json", **params)

    def _names_genre(self, tags: GenreTags | None) -> bool:
        return tags is not None and any(self._is_genre(tag.name) for tag in tags.tags)

    def _read(self, row: Any) -> Recording:
        if not isinstance(row, Mapping):
            raise self._service.malformed("a recording that is no object")
        mbid, title = track_fields.uuid(row.get("id")), row.get("title")
        if mbid is None or not isinstance(title, str):
            raise self._service.malformed("a recording without id and title")
        credit = row.get("artist-credit")
        codes = row.get("isrcs")
        duration = track_fields.milliseconds(row.get("length"))
        track = Track(
            spotify_id=_linked_spotify_id(row),
            title=names.name(title),
            artists=track_fields.artist_names(credit),
            url=f"https://musicbrainz.org/recording/{mbid}",
            isrc=track_fields.isrc(codes[0]) if isinstance(codes, list) and codes else None,
            musicbrainz_id=mbid,
            duration_ms=duration,
            duration_source=None if duration is None else NAME,
            year=read_year(row.get("first-release-date")),
        )
        artists = [
            artist
            for one in track_fields.rows_of(credit)
            if isinstance(artist := one.get("artist"), dict)
        ]
        of_artists = [tag for artist in artists for tag in track_fields.rows_of(artist.get("tags"))]
        return Recording(track, genre_tags(NAME, row.get("tags")), genre_tags(NAME, of_artists))


class MusicBrainzPages:
    """Implements PageLookup for MusicBrainz' pages of recordings."""

    name = NAME

    def __init__(self, musicbrainz: MusicBrainz) -> None:
        self._musicbrainz = musicbrainz

    async def get(self, ref: SubjectRef) -> Track | None:
        """Return the track of a page."""
        if ref.service is not MusicService.MUSICBRAINZ or ref.kind is not SubjectKind.TRACK:
            return None
        return await self._musicbrainz.get(Track(musicbrainz_id=ref.id))


def quoted(text: str) -> str:
    """Return a text as a phrase of Lucene's query syntax, in which it has no operators."""
    inside = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'


def _linked_spotify_id(row: Mapping[str, Any]) -> str | None:
    """Return the Spotify id among the links of a recording."""
    addresses = (
        link.get("resource")
        for relation in track_fields.rows_of(row.get("relations"))
        if isinstance(link := relation.get("url"), dict)
    )
    ids = map(track_fields.spotify_id_of, addresses)
    return next((found for found in ids if found), None)
