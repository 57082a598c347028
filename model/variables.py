"""Reads the values of environment variables as people and tools write them.

Defaults and limits of variables that both the bot and training read are here, too.
"""

import codecs
import io
import re
from pathlib import Path
from typing import Final

from dotenv.parser import parse_stream

MODEL: Final = "wide"
DATABASE: Final = "soundslike.db"
"""Default of MODEL, and default file of the database in DATA_DIR."""

MAX_SHADOW_HOURS: Final = 24 * 90
"""Limit of SHADOW_HOURS."""

LEAST_MEMORY_MB: Final = 1024
"""Least RETRAIN_MEMORY_MB."""

BOM: Final = "\ufeff"

QUOTES: Final = ('"', "'", "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}")
"""Pairs of quotes around a value; `docker --env-file` keeps them, and phones write the last."""

INVALID_CHARACTERS: Final = (
    (re.compile(r"[\r\n]"), "a line break"),
    (re.compile(r"\s"), "a space"),
    (re.compile(r"[\"'`\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}]"), "a quote"),
    (re.compile(r"[^\x21-\x7e]"), "a character that is not ASCII"),
)
"""Characters that no token contains, and their names; the first match counts."""


def trim(value: str) -> str:
    """Return `value` without byte order mark, surrounding white space and surrounding quotes."""
    value = value.strip().strip(BOM).strip()
    for pair in QUOTES:
        if len(value) > 1 and value[0] == pair[0] and value[-1] == pair[-1]:
            return value[1:-1].strip()
    return value


def invalid_character(token: str) -> str | None:
    """Return the name of a character that a token cannot contain; None if there is none."""
    return next((name for pattern, name in INVALID_CHARACTERS if pattern.search(token)), None)


def encoding(file: Path) -> str:
    """Return the encoding of a text file: UTF-16, with or without a mark, else UTF-8.

    Windows PowerShell redirects text as UTF-16. A missing file counts as UTF-8. Raises OSError.
    """
    try:
        with file.open("rb") as content:
            start = content.read(2)
    except FileNotFoundError:
        return "utf-8-sig"
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if b"\0" in start:  # a letter in UTF-16 without the mark
        return "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
    return "utf-8-sig"


def unreadable_line(file: Path, encoding: str) -> int | None:
    """Return the number of the first line that is no setting, comment or blank; None if all are.

    Raises OSError and UnicodeError.
    """
    try:
        text = file.read_text(encoding)
    except FileNotFoundError:
        return None
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            blank = len(binding.original.string) - len(binding.original.string.lstrip())
            return binding.original.line + binding.original.string[:blank].count("\n")
    return None
