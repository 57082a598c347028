"""The number of file descriptors that the process may use."""

import contextlib
import sys
from typing import Final

WANTED: Final = 16_384
"""Enough for the connections of two HTTP servers, see `bot.platforms.http.connections`."""


def raise_limit() -> None:
    """Raise the soft limit as far as the hard one allows, at most to `WANTED`.

    Shells and systemd set it to 1024, for programs that use `select`; asyncio does not.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # macOS has another limit, too
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
