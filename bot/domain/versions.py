"""Versions of a song: what notes in titles, and words of a search, say about a recording."""

import re
from enum import StrEnum
from typing import Final


class Version(StrEnum):
    """How a recording differs from the original studio recording."""

    LIVE = "live"
    KARAOKE = "karaoke"
    COVER = "cover"
    REMIX = "remix"
    ACOUSTIC = "acoustic"
    INSTRUMENTAL = "instrumental"
    VOICE_ALONE = "a cappella"
    SPED_UP = "sped up"
    SLOWED = "slowed"
    EIGHT_D = "8D"
    DEMO = "demo"
    RERECORDED = "re-recorded"


FOREIGN: Final = frozenset({Version.KARAOKE, Version.COVER})
"""Versions by other people than the song's artist."""

OFTEN_BY_OTHERS: Final = FOREIGN | {
    Version.INSTRUMENTAL,
    Version.SPED_UP,
    Version.SLOWED,
    Version.EIGHT_D,
}
"""Versions that people ask for with the name of the song's artist."""

_PHRASES: Final = {
    Version.LIVE: (
        "live|en vivo|ao vivo|en directo|in concert|unplugged|tiny desk|ライブ|라이브|现场|現場"
    ),
    Version.KARAOKE: (
        "karaoke|カラオケ|노래방|караоке|backing track|sing ?along|minus one|playback"
        "|originally performed by|in the style of|(?:as )?made (?:famous|popular) by"
    ),
    Version.COVER: "covers?|covered|tribute|rendition|lullaby|music box|кавер",
    Version.REMIX: (
        "remix|remixed|rmx|mix|edit|bootleg|mash ?up|rework|flip|dub|vip|extended|club|リミックス"
    ),
    Version.ACOUSTIC: "acoustic|acustico|acustica|acoustique|akustik|stripped|piano version",
    Version.INSTRUMENTAL: "instrumental|orchestral|string quartet|インストゥルメンタル",
    Version.VOICE_ALONE: "a ?cap+el+a|vocals only",
    Version.SPED_UP: "sped ?up|speed ?up|nightcore|ナイトコア",
    Version.SLOWED: "slowed|reverb|daycore|chopped|screwed",
    Version.EIGHT_D: "(?:8|16) ?d(?: audio)?|bass boost(?:ed)?",
    Version.DEMO: "demo|rehearsal|outtake|(?:alternate|early) (?:take|version)|rough mix",
    Version.RERECORDED: "re ?recorded|re ?recording",
}
"""Patterns of normalised words (`song_names.normal`) for each version."""

_IN_ARTISTS: Final = frozenset(
    {Version.KARAOKE, Version.COVER, Version.SPED_UP, Version.SLOWED, Version.EIGHT_D}
)
"""Versions that artists are named after; a band may be called Live."""

_PATTERNS: Final = {v: re.compile(rf"(?<!\S)(?:{p})(?!\S)") for v, p in _PHRASES.items()}

_FILLER: Final = re.compile(
    rf"((?<!\S)(?:{'|'.join(_PHRASES.values())})) (?:version|audio|edit)(?!\S)"
)

SAME_RECORDING: Final = re.compile(
    r"(?<!\S)(?:"
    r"(?:(?:19|20)\d\d )?(?:digital(?:ly)? )?remaster(?:ed)?(?: version)?(?: (?:19|20)\d\d)?"
    r"|(?:radio|single|album|video) (?:edit|version|mix)"
    r"|original (?:mix|version|recording)|(?:19|20)\d\d (?:stereo |mono )?(?:mix|version)"
    r"|(?:mono|stereo)(?: (?:mix|version))?|deluxe(?: (?:edition|version))?|bonus track"
    r"|(?:\d+(?:th|st|nd|rd) )?anniversary(?: edition)?|expanded edition|explicit|clean version"
    r"|(?:official )?(?:music |lyrics? )?(?:video|visuali[sz]er)(?: (?:hd|hq|4k))?"
    r"|official(?: (?:audio|video))?|audio|lyrics?|with lyrics|hd|hq|4k|m v|mv|full song"
    r"|from (?:the )?(?:\S+ )*?(?:soundtrack|motion picture)|(?:original )?soundtrack(?: version)?"
    r")(?!\S)"
)
"""Notes in normalised words that do not name another recording."""


def versions_in(words: str) -> frozenset[Version]:
    """Return the versions that normalised words name."""
    rest = SAME_RECORDING.sub(" ", words)
    return frozenset(version for version, found in _PATTERNS.items() if found.search(rest))


def versions_of_artist(words: str) -> frozenset[Version]:
    """Return the versions that an artist's normalised name tells, as that of a tribute band."""
    return versions_in(words) & _IN_ARTISTS


def without_versions(words: str) -> str:
    """Return normalised words without those that name versions."""
    for pattern in _PATTERNS.values():
        words = pattern.sub(" ", words)
    return " ".join(words.split())


def without_filler(words: str) -> str:
    """Return normalised words without "version" and "audio" after a version that is named."""
    return _FILLER.sub(r"\1", words)


def without_notes(words: str) -> str:
    """Return normalised words without those that say nothing about the song."""
    return " ".join(SAME_RECORDING.sub(" ", words).split())
