"""Limits that services publish for their callers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MAX_WAIT: Final = 3.0
"""Seconds that a caller without a deadline waits for its turn."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one host, kept by each process.

    Attributes:
        calls: Calls within any `seconds`; None for any number.
        seconds: Length of that window.
        concurrent: Calls at the same time; None for any number.
        pause: Seconds between the end of a call and the next one.
        daily: Calls within 24 hours of all processes together; None for any number.
        refusals: Replies with status 401 or 403 in a row after which an endpoint is not asked for a
            time. 1 where they refuse the caller, more where they are about what was asked.
    """

    calls: int | None = None
    seconds: float = 1.0
    concurrent: int | None = None
    pause: float = 0.0
    daily: int | None = None
    refusals: int = 1


PUBLISHED: Final[Mapping[str, Limits]] = {
    "reccobeats": Limits(concurrent=1, pause=0.12),
    "deezer": Limits(50, 5.0),
    "musicbrainz": Limits(1, 1.0),
    "listenbrainz": Limits(30, 10.0),
    "listenbrainz-labs": Limits(1, 1.0),
    "itunes": Limits(20, 60.0),
    "lastfm": Limits(5, 1.0),
    "discogs": Limits(60, 60.0),
    "spotify": Limits(daily=1100),
    "spotify-oembed": Limits(5, 1.0),
    "youtube": Limits(5, 1.0, refusals=5),
    "tidal": Limits(5, 1.0, refusals=5),
    "soundcloud": Limits(5, 1.0, refusals=5),
    "bandcamp": Limits(5, 1.0, refusals=5),
    "deezer-previews": Limits(5, 1.0),
    "itunes-previews": Limits(5, 1.0),
    "reccobeats-analysis": Limits(concurrent=1, pause=0.12),
    "short links": Limits(),
    "covers": Limits(),
}
"""Limits by source; docs/sources.md has where they are from.

oEmbed services answer 401 or 403 for single pages whose owner forbids embedding.
"""
