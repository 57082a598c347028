"""The JSON shape of `ask --json` for albums, playlists and artists."""

from typing import Any

from bot.domain.collections import CollectionSummary, CollectionTrack


def as_dict(summary: CollectionSummary) -> dict[str, Any]:
    """Return a summary in the JSON shape of `ask --json`, which scripts rely on."""
    return {
        "collection": {
            "kind": summary.ref.kind.value,
            "title": summary.title,
            "artists": list(summary.artists),
            "url": summary.url,
            "count": summary.count,
            "answered": summary.answered,
        },
        "genres": [{"genre": g, "probability": p} for g, p in summary.genres.items()],
        "features": dict(summary.features),
        "spread": dict(summary.spread),
        "tracks": [
            {
                "id": one.track.spotify_id,
                "title": one.track.title,
                "artists": list(one.track.artists),
                "url": one.track.url,
                "genre": one.genre,
                "probability": one.probability,
            }
            for one in summary.tracks
        ],
        "most_typical": _place(summary, summary.most_typical),
        "oddest": _place(summary, summary.oddest),
        "unmeasured": summary.unmeasured,
        "unasked": summary.unasked,
        "found_by_title": summary.found_by_title,
        "sources": list(summary.sources),
        "model": {"name": summary.model.name, "version": summary.model.version},
    }


def _place(summary: CollectionSummary, track: CollectionTrack | None) -> int | None:
    """Return the place of a track in the list `tracks`, from 0."""
    return summary.tracks.index(track) if track else None
