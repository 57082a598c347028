"""Artist and title in the names that pages have, such as "Artist - Title (Official Video)"."""

import re
import unicodedata
from typing import Final

DASH: Final = re.compile(r"\s+[-\N{EN DASH}\N{EM DASH}~]\s+")
BY: Final = re.compile(r",?\s+by\s+", re.IGNORECASE)
BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")

NOISE: Final = re.compile(
    r"\b(?:official|officiel|oficial|offizielles|lyrics?|letra|paroles|visuali[sz]er|audio|video|"
    r"videoclip|clip|hd|hq|4k|8k|1080p|720p|uhd|mv|m/v|pv|explicit|uncensored|premiere|legendado)\b",
    re.IGNORECASE,
)
"""Words in brackets that say something of a video, and nothing of its song."""

KEPT: Final = re.compile(
    r"\b(?:remix|live|acoustic|karaoke|cover|instrumental|version|edit|mix|remaster(?:ed)?|"
    r"sped\ up|slowed|nightcore|8d|feat|ft|demo|unplugged)\b",
    re.IGNORECASE,
)
"""Words in brackets that name another recording, or its artists."""

TAIL: Final = re.compile(
    r"\s+(?:[|/-]\s*)?(?:the\s+)?(?:(?:official|lyrics?|music|hd|hq|4k)\s+)*"
    r"(?:(?:official|lyrics?|music)\s+(?:video|audio|visuali[sz]er|clip|mv|m/v)|lyric\s+video|"
    r"official|lyrics|hd|hq|4k)\s*$",
    re.IGNORECASE,
)
"""The same without brackets, at the end of a title."""

TOPIC: Final = " - Topic"
"""End of the names of YouTube's channels that a label's recordings are in."""

CHANNEL: Final = re.compile(r"\s*(?:VEVO|Official|Music|TV|Records|Channel)\s*$")
HASHTAG: Final = re.compile(r"\s#\w+")
QUOTES: Final = "\"'\u201c\u201d\u2018\u2019"
QUOTED: Final = re.compile(rf"(?P<artist>.+?)\s+[{QUOTES}](?P<title>.+)[{QUOTES}]")
"""An artist and a title in quotes, as Korean labels name videos."""

MAX_LENGTH: Final = 500
"""Characters of a page's name that are read."""


def without_noise(name: str) -> str:
    """Return a page's name without what is said of its video, such as "(Official Video)"."""
    text = HASHTAG.sub("", name[:MAX_LENGTH])
    text = BRACKETS.sub(_kept, text)
    while (shorter := TAIL.sub("", text)) != text and shorter.strip():
        text = shorter
    text = text.split(" | ")[0] if text.split(" | ")[0].strip() else text
    return " ".join(text.split())


def video(name: str, channel: str) -> tuple[str, tuple[str, ...]]:
    """Return the song's title and artists in a video's name and the name of its channel.

    The artist is named before a dash or quotes, else by the channel; there may be none.
    """
    text, channel = without_noise(name), channel[:MAX_LENGTH].strip()
    if channel.endswith(TOPIC):
        return text, (channel.removesuffix(TOPIC),)
    by = CHANNEL.sub("", channel).strip()
    if parts := _split(text):
        left, right = parts
        if same_name(right, by) and not same_name(left, by):  # "Title - Artist"
            left, right = right, left
        return _unquoted(right), (left,)
    if quoted := QUOTED.fullmatch(text):
        return quoted["title"].strip(), (quoted["artist"].strip(),)
    return _unquoted(text), (by,) if by else ()


def by_artist(name: str, author: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the title and artists in "Title by Artist", as pages of Tidal and Bandcamp are named.

    If the author of the page is known, he is the artist, and "by" is part of the title unless he
    is named after it.
    """
    text = " ".join(name[:MAX_LENGTH].split())
    if author:
        return _without_end(text, f" by {author}"), (author,)
    found = list(BY.finditer(text))
    if not found:
        return text, ()
    return text[: found[-1].start()], (text[found[-1].end() :],)


def upload(name: str, user: str) -> tuple[str, tuple[str, ...]]:
    """Return the title and artists in "Title by user" or "Artist - Title by user" (SoundCloud)."""
    title, artists = by_artist(name, user)
    title = without_noise(title)
    parts = _split(title)
    if parts and not KEPT.search(parts[1]):
        return _unquoted(parts[1]), (parts[0],)
    return title, artists


def in_slug(slug: str) -> str:
    """Return the words of an address' part, such as "Old Town Road" of "old-town-road"."""
    words = slug[:MAX_LENGTH].replace("_", "-").split("-")
    return " ".join(word[:1].upper() + word[1:] for word in words if word)


def same_name(one: str, other: str) -> bool:
    """Return whether two names are equal but for case, accents, punctuation and brackets."""
    return _plain(one) == _plain(other)


def _without_end(text: str, end: str) -> str:
    shorter = text[: -len(end)].rstrip(" ,") if text.casefold().endswith(end.casefold()) else ""
    return shorter or text


def _split(text: str) -> tuple[str, str] | None:
    """Return the parts of a name before and after its first dash."""
    found = DASH.search(text)
    if not found:
        return None
    left, right = text[: found.start()].strip(), text[found.end() :].strip()
    return (left, right) if left and right else None


def _kept(found: re.Match[str]) -> str:
    """Return brackets without the words about the video; nothing if no other words remain."""
    if not NOISE.search(found[1]):
        return found[0]
    inside = " ".join(NOISE.sub(" ", found[1]).split())
    is_version = KEPT.search(inside) and inside.casefold() != "version"
    return f"{found[0][0]}{inside}{found[0][-1]}" if is_version else " "


def _unquoted(text: str) -> str:
    return text.strip().strip(QUOTES).strip() or text


def _plain(name: str) -> str:
    text = BRACKETS.sub(" ", name) if BRACKETS.sub(" ", name).strip() else name
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (c for c in decomposed if c.isalnum())
    return "".join(kept) or name.casefold()
