"""The process that decodes: reads a file from descriptor 0, writes the sound to descriptor 1.

`model.sound.decoding` starts it. It ends with exit code 0 and the bytes of a `Decoded`, or with
REFUSED and the reason in JSON. It confines itself first (`model.sound.sandbox`), because libraries
in C read what strangers made.
"""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from model.sound.decoded import Decoded
from model.sound.errors import NotAudio, Problem
from model.sound.excerpts import Reader, hear
from model.sound.format_table import Library
from model.sound.limits import MAX_TAG_LENGTH, REFUSED, Limits
from model.sound.sandbox import confine, end_with_parent

INPUT: Final = 0
OUTPUT: Final = 1

ReaderOf = Callable[[str], Reader]
"""Opens descriptor 0 as a format of this name."""


def main(name: str, library: str, parent: str, limits_json: str) -> None:
    """Decode the file on descriptor 0.

    Args:
        name: Name of the format.
        library: What reads it, a value of `Library`.
        parent: Process id of the parent.
        limits_json: Limits as JSON.
    """
    end_with_parent(int(parent))
    limits = Limits.from_json(limits_json)
    try:
        reader = reader_of(Library(library))
        confine(limits)
        output, code = decoded(reader, name, limits).to_bytes(), 0
    except NotAudio as error:
        reason = {"problem": error.problem, "format": error.format}
        output, code = json.dumps(reason).encode(), REFUSED
    written = 0
    while written < len(output):
        written += os.write(OUTPUT, output[written:])
    # Without the interpreter's own end, in which libraries may still run.
    os._exit(code)


def reader_of(library: Library) -> ReaderOf:
    """Import a library and return what opens descriptor 0 with it, given the format's name.

    Raises:
        NotAudio: The library is an extra, and is not installed.
    """
    # PyAV takes 60 ms to import.
    if library is Library.SOUNDFILE:
        from model.sound.soundfile_reader import SoundfileReader  # noqa: PLC0415

        return lambda name: SoundfileReader(INPUT, name)
    try:
        from model.sound.av_reader import AvReader  # noqa: PLC0415
    except ImportError as error:
        raise NotAudio(Problem.NOT_INSTALLED) from error
    return lambda name: AvReader(open(INPUT, "rb", buffering=0, closefd=False), name)


def decoded(reader: ReaderOf, name: str, limits: Limits) -> Decoded:
    """Return what is heard of the file on descriptor 0, which is of this format; raise NotAudio."""
    try:
        heard = hear(reader(name), name, limits)
    except NotAudio:
        raise
    except (
        Exception
    ) as error:  # the libraries raise more than they say, and any is the file's fault
        raise NotAudio(Problem.DAMAGED, name) from error
    return replace(heard, title=_clean(heard.title), artist=_clean(heard.artist))


def _clean(text: str) -> str:
    """Return the first characters of a tag without control characters, on one line."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())[:MAX_TAG_LENGTH].rstrip()
