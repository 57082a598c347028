"""Points discord.py at the stub: in this process, or in one that a test starts."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.stubs.discord.server import DiscordStub

AT_START = '''\
"""Written by a test: discord.py speaks to a server on loopback."""

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = {base!r}
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL({gateway!r})
'''


@contextmanager
def patched(stub: DiscordStub) -> Iterator[None]:
    """Send this process's discord.py to the stub."""
    with (
        patch.object(Route, "BASE", stub.url),
        patch.object(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(stub.state.gateway_url)),
    ):
        yield


def environment(stub: DiscordStub, folder: Path) -> dict[str, str]:
    """Return the environment of a Python process whose discord.py speaks to the stub.

    Python imports `sitecustomize` at its start from PYTHONPATH, where `folder` comes first; so
    the program under test needs to know nothing of it.
    """
    text = AT_START.format(base=stub.url, gateway=stub.state.gateway_url)
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
