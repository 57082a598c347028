"""Recognises texts: playlists, files of addresses, pages, and others."""

import re
from typing import Final

from model.sound.errors import NotAudio, Problem
from model.sound.format_table import SUFFIXES, UNREAD_SUFFIXES, VIDEO_SUFFIXES

CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
PLAYLIST: Final = re.compile(
    r"\s*(#EXTM3U|#EXTINF|\[playlist\]|\[Reference\]|\[InternetShortcut\]|<asx\b)", re.IGNORECASE
)
XSPF: Final = re.compile(r"<(playlist|asx|smil)\b", re.IGNORECASE)
CUE: Final = re.compile(r"^\s*FILE\s+.+\s(WAVE|MP3|AIFF|BINARY|FLAC)\s*$", re.MULTILINE)
MARKUP: Final = re.compile(r"\s*<(\?xml|!doctype|html|svg|[a-z]+[\s>])", re.IGNORECASE)
ADDRESS: Final = re.compile(r"(File\d+=|URL=|Ref\d*=)?[a-z]{2,8}://\S+", re.IGNORECASE)
PLAYLIST_SUFFIXES: Final = frozenset({".m3u", ".m3u8", ".pls"})
NAMED: Final = SUFFIXES | VIDEO_SUFFIXES | UNREAD_SUFFIXES | PLAYLIST_SUFFIXES
FILE_NAME: Final = re.compile(rf".+({'|'.join(map(re.escape, sorted(NAMED)))})", re.IGNORECASE)
"""A line that names a file of a playlist."""


def refuse_text(head: bytes) -> None:
    """Raise NotAudio if the first bytes of a file are text: a playlist or another one."""
    text = _text(head)
    if text is None:
        return
    if PLAYLIST.match(text) or CUE.search(text):
        raise NotAudio(Problem.PLAYLIST)
    if MARKUP.match(text):
        is_playlist = XSPF.search(text)
        raise NotAudio(Problem.PLAYLIST) if is_playlist else NotAudio(Problem.NOT_SOUND, "html")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any(ADDRESS.fullmatch(line) or FILE_NAME.fullmatch(line) for line in lines):
        raise NotAudio(Problem.PLAYLIST)
    raise NotAudio(Problem.NOT_SOUND, "text")


def _text(head: bytes) -> str | None:
    """Return the text of the first bytes of a file; None if they are no text."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            text = head[2:].decode(encoding, errors="replace")
            # A frame of MPEG audio may begin like the mark.
            return text if text.isprintable() or "://" in text or "#EXT" in text else None
    try:
        text = head.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        # A character may be cut off at the end; old playlists are in Latin-1.
        is_cut = error.start >= len(head) - 3
        text = head.decode(errors="ignore") if is_cut else head.decode("latin-1")
        if not is_cut and not (PLAYLIST.match(text) or "://" in text):
            return None
    return None if CONTROL.search(text) else text
