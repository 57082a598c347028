"""Where the world files a track: genres given by people, and how they agree with the sound."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from model.tag_taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Tag:
    """A genre tag as a source gives it.

    Attributes:
        name: The source's own word, such as `alternative country`.
        weight: Its share of the people or votes that stand behind the tags, above 0 and at most 1.
    """

    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class GenreTags:
    """The tags that one source has for a track, strongest first, before they are mapped."""

    tags: tuple[Tag, ...]
    source: str


@dataclass(frozen=True, slots=True)
class FiledUnder:
    """The genres of `model.genres` under which a track is filed, strongest first.

    Attributes:
        genres: At least one genre.
        source: Name of the source of the tags.
    """

    genres: tuple[str, ...]
    source: str


def file(tags: GenreTags, taxonomy: Taxonomy) -> FiledUnder | None:
    """Return the genres that the tags speak for; None if they name none of `model.genres`."""
    genres = taxonomy.strongest((tag.name, tag.weight) for tag in tags.tags)
    return FiledUnder(genres, tags.source) if genres else None


class Agreement(StrEnum):
    """Whether the filed genres are those that the sound's verdict names."""

    AGREES = "agrees"
    PARTLY = "partly"
    DISAGREES = "disagrees"
    UNKNOWN = "unknown"


def agreement(filed: FiledUnder | None, named: Sequence[str]) -> Agreement:
    """Compare the filed genres with the genres that a verdict names, most probable first.

    It agrees if the most probable genre is filed and every filed genre is named; it disagrees if no
    filed genre is named; otherwise it agrees partly.
    """
    if filed is None or not filed.genres:
        return Agreement.UNKNOWN
    common = set(filed.genres) & set(named)
    if not common:
        return Agreement.DISAGREES
    agrees = named[0] in common and common == set(filed.genres)
    return Agreement.AGREES if agrees else Agreement.PARTLY
