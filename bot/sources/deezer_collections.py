"""Deezer's albums, playlists and artists' top tracks, also found by name."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.domain.collections import MAX_TRACKS, Artist, Collection
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources import names, track_fields
from bot.sources.deezer import MAX_RESULTS, NAME, ask, read_track
from bot.sources.http_client import HttpService
from bot.sources.titles import same_name

PAGE: Final = 100
"""Rows of a page, the largest number that Deezer sends."""


class DeezerCollections:
    """Implements CollectionLookup, CollectionSearch and ArtistSearch.

    The tracks of albums have their ISRC; those of playlists and artists may lack it.
    """

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, ref: SubjectRef) -> Collection | None:
        """Return an album, a playlist, or the top tracks of an artist."""
        number = track_fields.number(ref.id)
        if ref.service is not MusicService.DEEZER or number is None:
            return None
        match ref.kind:
            case SubjectKind.ALBUM:
                return await self._album(number)
            case SubjectKind.PLAYLIST:
                return await self._playlist(number)
            case SubjectKind.ARTIST:
                return await self._artist(number)
            case _:
                return None

    async def find_album(self, title: str, artists: Sequence[str]) -> Collection | None:
        """Return the only album with a title, by one of the artists if any are given."""
        query = " ".join((title, *artists[:1]))
        found = [
            row
            for row in await self._search("search-album", "/search/album", query)
            if same_name(str(row.get("title")), title) and _is_by(row, artists)
        ]
        by = {_artist_id(row) for row in found}
        # Editions of one album are alike; albums of several artists are not.
        if not found or len(by) > 1:
            return None
        number = track_fields.number(found[0].get("id"))
        return await self._album(number) if number else None

    async def find_artist(self, name: str) -> Collection | None:
        """Return the top tracks of the first artist with a name."""
        found = await self.artist(name)
        return await self._artist(found.ref.id) if found else None

    async def artist(self, name: str) -> Artist | None:
        """Return the first artist with a name."""
        for row in await self._search("search-artist", "/search/artist", name):
            number, called = track_fields.number(row.get("id")), str(row.get("name"))
            if number and same_name(called, name):
                ref = SubjectRef(SubjectKind.ARTIST, number, MusicService.DEEZER)
                return Artist(names.name(called), ref)
        return None

    async def _album(self, number: str) -> Collection | None:
        album = await ask(self._service, "album", f"/album/{number}")
        if album is None:
            return None
        title = self._text(album, "title")
        tracks = await self._tracks("album", f"/album/{number}/tracks", album)
        return Collection(
            ref=SubjectRef(SubjectKind.ALBUM, number, MusicService.DEEZER),
            title=title,
            artists=track_fields.artist_names(album.get("contributors"))
            or track_fields.artist_names([album.get("artist")]),
            url=f"https://www.deezer.com/album/{number}",
            image=track_fields.cover(album.get("cover_big")),
            count=_count(album.get("nb_tracks"), tracks),
            tracks=tracks,
        )

    async def _playlist(self, number: str) -> Collection | None:
        playlist = await ask(self._service, "playlist", f"/playlist/{number}")
        if playlist is None:
            return None
        title = self._text(playlist, "title")
        listed = playlist.get("tracks")
        rows = listed.get("data") if isinstance(listed, dict) else None
        tracks = tuple(t for row in track_fields.rows_of(rows) if (t := read_track(row)))
        if not tracks:
            tracks = await self._tracks("playlist", f"/playlist/{number}/tracks")
        return Collection(
            ref=SubjectRef(SubjectKind.PLAYLIST, number, MusicService.DEEZER),
            title=title,
            artists=(),
            url=f"https://www.deezer.com/playlist/{number}",
            image=track_fields.cover(playlist.get("picture_big")),
            count=_count(playlist.get("nb_tracks"), tracks),
            tracks=tracks,
        )

    async def _artist(self, number: str) -> Collection | None:
        artist = await ask(self._service, "artist", f"/artist/{number}")
        if artist is None:
            return None
        name = self._text(artist, "name")
        tracks = await self._tracks("artist", f"/artist/{number}/top")
        return Collection(
            ref=SubjectRef(SubjectKind.ARTIST, number, MusicService.DEEZER),
            title=name,
            artists=(name,),
            url=f"https://www.deezer.com/artist/{number}",
            image=track_fields.cover(artist.get("picture_big")),
            count=len(tracks),
            tracks=tracks,
        )

    async def _tracks(
        self, endpoint: str, path: str, album: Mapping[str, Any] | None = None
    ) -> tuple[Track, ...]:
        found: list[Track] = []
        for index in range(0, MAX_TRACKS, PAGE):
            reply = await ask(self._service, endpoint, path, limit=str(PAGE), index=str(index))
            match reply:
                case {"data": list(rows)}:
                    read = (read_track(row, album) for row in track_fields.rows_of(rows))
                    found += [track for track in read if track]
                case _:
                    raise self._service.malformed("no list of tracks")
            if not reply.get("next"):
                break
        return tuple(found[:MAX_TRACKS])

    async def _search(self, endpoint: str, path: str, query: str) -> Sequence[Mapping[str, Any]]:
        reply = await ask(self._service, endpoint, path, q=query, limit=str(MAX_RESULTS))
        match reply:
            case None:
                return []
            case {"data": list(rows)}:
                return list(track_fields.rows_of(rows, MAX_RESULTS))
            case _:
                raise self._service.malformed("no list of data")

    def _text(self, row: object, key: str) -> str:
        match row:
            case {"id": int(), **rest} if isinstance(text := rest.get(key), str):
                return names.name(text)
            case _:
                raise self._service.malformed(f"no id and {key}")


def _count(value: object, tracks: Sequence[Track]) -> int:
    """Return the number of tracks that a service names, at least those that it listed."""
    named = value if isinstance(value, int) and not isinstance(value, bool) else 0
    return max(min(named, 10**6), len(tracks))


def _is_by(row: Mapping[str, Any], artists: Sequence[str]) -> bool:
    by = track_fields.artist_names([row.get("artist")])
    return not artists or any(same_name(one, other) for one in by for other in artists)


def _artist_id(row: Mapping[str, Any]) -> object:
    artist = row.get("artist")
    return artist.get("id") if isinstance(artist, dict) else None
