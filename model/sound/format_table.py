"""The sound formats: what reads each, and how its files are named."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Library(StrEnum):
    """What reads a format."""

    SOUNDFILE = "soundfile"
    AV = "av"


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """A format that is read.

    Attributes:
        name: Name such as `mp3`.
        suffixes: Ends of the names of its files, in lower case, with the dot.
        library: What reads it.
        demuxer: FFmpeg's name for what takes it apart; empty if FFmpeg does not read it.
        video_suffixes: Ends of the names of its files that are videos more often than sound.
        is_common: Whether sentences about readable formats name it. Formats of the extra
            `audio` are not named, as they are not read everywhere.
    """

    name: str
    suffixes: tuple[str, ...] = ()
    library: Library = Library.SOUNDFILE
    demuxer: str = ""
    video_suffixes: tuple[str, ...] = ()
    is_common: bool = False


FORMATS: Final = (
    SoundFormat("mp3", (".mp3",), is_common=True),
    SoundFormat("ogg", (".ogg", ".oga"), is_common=True),
    SoundFormat("opus", (".opus",), is_common=True),
    SoundFormat("wav", (".wav", ".wave"), is_common=True),
    SoundFormat("flac", (".flac",), is_common=True),
    SoundFormat("aiff", (".aiff", ".aif", ".aifc"), is_common=True),
    SoundFormat("m4a", (".m4a", ".m4b"), Library.AV, "mov"),
    SoundFormat("aac", (".aac",), Library.AV, "aac"),
    SoundFormat("mp4", (), Library.AV, "mov", (".mp4",)),
    SoundFormat("mov", (), Library.AV, "mov", (".mov",)),
    SoundFormat("webm", (".weba",), Library.AV, "matroska", (".webm",)),
    SoundFormat("mka", (".mka",), Library.AV, "matroska", (".mkv",)),
    SoundFormat("mp1", (".mp1",)),
    SoundFormat("mp2", (".mp2",)),
    SoundFormat("caf", (".caf",)),
    SoundFormat("au", (".au", ".snd")),
    SoundFormat("w64", (".w64",)),
)
"""The formats that are read; `formats.recognise` tells them by their content."""

BY_NAME: Final = {one.name: one for one in FORMATS}

SUFFIXES: Final = frozenset(suffix for one in FORMATS for suffix in one.suffixes)
"""Ends of the names of sound files that are read."""

VIDEO_SUFFIXES: Final = frozenset(suffix for one in FORMATS for suffix in one.video_suffixes)
"""Ends of the names of videos whose sound is read, but only if they are given by name."""

UNREAD_SUFFIXES: Final = frozenset({".ape", ".dff", ".dsf", ".mpc", ".tta", ".wma", ".wv"})
"""Suffixes of sound files that are not read; `listen` writes a row that says so."""

COMMON: Final = tuple(one.name for one in FORMATS if one.is_common)
"""Names of the formats that sentences about readable formats name."""
