"""The JSON shape of `ask --json` for albums, playlists and artists."""

from typing import Any

from bot.domain.collections import CollectionSummary


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
            "unmeasured": summary.unmeasured,
            "unasked": summary.unasked,
            "found_by_title": summary.found_by_title,
        },
        "genres": [{"genre": g, "probability": p} for g, p in summary.genres.items()],
        "features": dict(summary.features),
        "spread": dict(summary.spread),
        "tracks": [
            {
                "number": one.number,
                "id": one.track.spotify_id,
                "title": one.track.title,
                "artists": list(one.track.artists),
                "url": one.track.url,
                "genre": one.genre,
                "probability": one.probability,
            }
            for one in summary.tracks
        ],
        "most_typical": summary.most_typical.number if summary.most_typical else None,
        "oddest": summary.oddest.number if summary.oddest else None,
        "sources": list(summary.sources),
        "model": {"name": summary.model.name, "version": summary.model.version},
    }
