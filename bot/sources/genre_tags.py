"""Reads genre tags with counts from a source's reply."""

import math
from typing import Final

from bot.domain.filing import GenreTags, Tag
from bot.sources import names, track_fields

MAX_TAGS: Final = 50
MAX_ROWS: Final = 500
MAX_TAG_LENGTH: Final = 100


def genre_tags(source: str, rows: object, name: str = "name") -> GenreTags | None:
    """Return the tags in rows with a name and a `count`, strongest first; None if there are none.

    Counts of equal names are added, as several artists may have the same tag.
    """
    counts: dict[str, float] = {}
    for row in track_fields.rows_of(rows, MAX_ROWS):
        tag, count = row.get(name), row.get("count")
        if not isinstance(tag, str) or not 0 < len(tag.strip()) <= MAX_TAG_LENGTH:
            continue
        if (
            isinstance(count, bool)
            or not isinstance(count, int | float)
            or not 0 < count < math.inf
        ):
            continue
        key = names.name(" ".join(tag.split()))
        counts[key] = counts.get(key, 0.0) + float(min(count, 10**9))
    strongest = sorted(counts.items(), key=lambda pair: -pair[1])[:MAX_TAGS]
    total = sum(count for _, count in strongest)
    if not strongest:
        return None
    return GenreTags(tuple(Tag(tag, count / total) for tag, count in strongest), source)
