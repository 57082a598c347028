"""ListenBrainz (https://listenbrainz.readthedocs.io) and its Labs, without a token.

Its metadata look-up by names (`/1/metadata/lookup/`) demands a user's token since 2026
(metabrainz/listenbrainz-server, `metadata_api.py`). The Labs' searches do not.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.domain.filing import GenreTags
from bot.domain.song_query import SongQuery
from bot.domain.tracks import Track
from bot.sources import names, track_fields
from bot.sources.genre_tags import genre_tags
from bot.sources.http_client import HttpService

NAME: Final = "listenbrainz"
LABS_NAME: Final = "listenbrainz-labs"
MAX_RESULTS: Final = 10
LEVELS: Final = ("recording", "release_group", "artist")
FEATURED: Final = re.compile(r"\s+(?:feat|ft|featuring)\.?\s+", re.IGNORECASE)


class ListenBrainzTags:
    """Implements GenreTagSource, by MusicBrainz id.

    The tags are MusicBrainz': those of the recording, else of its release group, else of its
    artists, in one request.
    """

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def tags(self, track: Track) -> GenreTags | None:
        """Return the tags of a recording."""
        mbid = track_fields.uuid(track.musicbrainz_id)
        if mbid is None:
            return None
        reply = await self._service.get(
            "metadata", "/1/metadata/recording/", recording_mbids=mbid, inc="tag"
        )
        match reply:
            case None:
                return None
            case {**found} if not found:
                return None
            case {**found}:
                shown = found.get(mbid)
            case _:
                shown = None
        match shown:
            case {"tag": {**levels}}:
                read = (genre_tags(NAME, levels.get(level), "tag") for level in LEVELS)
                return next((tags for tags in read if tags), None)
            case _:
                raise self._service.malformed("no tags of the recording")


class ListenBrainzLabs:
    """Implements TrackLookup and TrackSearch with the Labs' queries.

    A track gains its Spotify id: by its MusicBrainz id, else by title and artists.
    """

    name = LABS_NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, known: Track) -> Track | None:
        """Return the Spotify id of a track; None if it has one, or none is known."""
        if known.spotify_id:
            return None
        ids: Sequence[str] = ()
        if mbid := track_fields.uuid(known.musicbrainz_id):
            ids = await self._spotify_ids("/spotify-id-from-mbid/json", recording_mbid=mbid)
        if not ids and known.is_named:
            ids = await self.spotify_ids(known.artists, known.title)
        if not ids:
            return None
        return Track(spotify_id=ids[0], url=f"https://open.spotify.com/track/{ids[0]}")

    async def spotify_ids(self, artists: Sequence[str], title: str) -> Sequence[str]:
        """Return the Spotify ids of a song, the most popular first.

        The service compares names without case and punctuation.
        """
        for credit in dict.fromkeys((" ".join(artists), *artists[:1])):
            # An empty release name is compared as well: the field is needed, not its value.
            found = await self._spotify_ids(
                "/spotify-id-from-metadata/json",
                artist_name=credit, release_name="", track_name=title,
            )  # fmt: skip
            if found:
                return found
        return []

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return recordings for artist and title in any order, misspelt or not."""
        if not query.words:
            return []
        reply = await self._service.get(
            "recording-search", "/recording-search/json", query=query.words
        )
        found = [self._track(row) for row in self._rows(reply)]
        return [track for track in found if track][:MAX_RESULTS]

    async def _spotify_ids(self, path: str, **params: str) -> Sequence[str]:
        rows = self._rows(await self._service.get("spotify-id", path, headers=None, **params))
        listed = (row.get("spotify_track_ids") for row in rows)
        ids = (
            track_fields.spotify_id(one)
            for some in listed
            if isinstance(some, list)
            for one in some[:MAX_RESULTS]
        )
        return [one for one in ids if one]

    def _rows(self, reply: object) -> Sequence[Mapping[str, Any]]:
        match reply:
            case None:
                return []
            case list() if all(isinstance(row, dict) for row in reply):
                return list(track_fields.rows_of(reply))
            case _:
                raise self._service.malformed("no list of rows")

    def _track(self, row: Mapping[str, Any]) -> Track | None:
        mbid, title = track_fields.uuid(row.get("recording_mbid")), row.get("recording_name")
        credit = row.get("artist_credit_name")
        if not (mbid and isinstance(title, str) and isinstance(credit, str)):
            return None
        return Track(
            title=names.name(title),
            artists=names.names(FEATURED.split(credit)),
            url=f"https://musicbrainz.org/recording/{mbid}",
            musicbrainz_id=mbid,
        )
