"""Redirects discord.py to the stub, in this process or in a subprocess."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.stubs.discord.server import DiscordStub

SITECUSTOMIZE = '''\
"""Written by a test: redirects discord.py to a server on loopback."""

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = {base!r}
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL({gateway!r})
'''


@contextmanager
def redirected(stub: DiscordStub) -> Iterator[None]:
    """Redirect the discord.py of this process to the stub until the end of the block."""
    with (
        patch.object(Route, "BASE", stub.url),
        patch.object(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(stub.state.gateway_url)),
    ):
        yield


def subprocess_environment(stub: DiscordStub, folder: Path) -> dict[str, str]:
    """Return the environment of a Python process whose discord.py is redirected to the stub.

    Python imports `sitecustomize` from PYTHONPATH when it starts. This is written to `folder`,
    which is put first there, so the program under test needs no change.
    """
    text = SITECUSTOMIZE.format(base=stub.url, gateway=stub.state.gateway_url)
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
