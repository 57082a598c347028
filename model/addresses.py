"""Addresses of databases and model stores, which bot and training read alike."""

import ipaddress
import re
from contextlib import suppress
from typing import Final

from model.redaction import HIDDEN, public_address

SQLITE_URL: Final = re.compile(r"sqlite(?:\+\w+)?:///(.*)", re.IGNORECASE | re.DOTALL)
PARAMETERS: Final = re.compile(r"\?\w+=")

SERVER_URL: Final = re.compile(
    r"[\w+]+://(?:[^:/@]*(?::[^@]*)?@)?(?:\[[^/?@]+\]|[^/:?@]+)?(?::\d{1,5})?(?:/[^?@]*)?(?:\?[^@]*)?",
    re.DOTALL,
)
"""Address of a server as SQLAlchemy divides it, if that is the only way."""

ESCAPES: Final = "write @ as %40, / as %2F, ? as %3F, # as %23 and % as %25"


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


def check_server(address: str) -> None:
    """Raise ValueError, with a sentence that does not quote it, unless `address` has one reading.

    A password with an `@` makes a part of it the host or the name of the database, which appear in
    messages.
    """
    if not SERVER_URL.fullmatch(address):
        raise ValueError(
            "it is not of the form postgresql://USER:PASSWORD@HOST:PORT/NAME or sqlite:///FILE; "
            f"in a password, {ESCAPES}"
        )


def check_store(address: str) -> None:
    """Raise ValueError if a secret in the address of a model store would be taken for its place."""
    if address.lower().startswith("s3://") and ("@" in address or "?" in address):
        raise ValueError(
            "an address of S3 takes no key and no parameters; set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY"
        )
    if HIDDEN in public_address(address):
        raise ValueError(f"the address can be read in several ways; in a password, {ESCAPES}")


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this computer's own."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False
