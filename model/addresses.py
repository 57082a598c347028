"""Addresses of databases, which bot and training read alike."""

import re
from typing import Final

SQLITE_URL: Final = re.compile(r"sqlite(?:\+\w+)?:///(.*)", re.IGNORECASE | re.DOTALL)
PARAMETERS: Final = re.compile(r"\?\w+=")


def sqlite_path(address: str) -> str | None:
    """Return the path in a SQLite address, None for other addresses.

    The path is taken as written: in `sqlite:////home/me/my%20x/x.db` the folder is `my%20x`, and a
    relative path is relative to the working directory. Raises ValueError if there is no path, or if
    parameters follow it, which are not supported.
    """
    match = SQLITE_URL.fullmatch(address)
    if match is None:
        return None
    path = match[1]
    if not path or path == ":memory:":
        raise ValueError("it names no file: in memory, every vote would be lost")
    if PARAMETERS.search(path):
        raise ValueError("an address of SQLite takes no parameters")
    return path
