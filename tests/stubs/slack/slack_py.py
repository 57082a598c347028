"""Points the slack_sdk of a process that a test starts at the stub."""

import os
from pathlib import Path

from tests.stubs.slack.server import SlackStub

AT_START = '''\
"""Written by a test: slack_sdk speaks to a server on loopback."""

import bot.platforms.slack.credentials

bot.platforms.slack.credentials.Credentials.__init__.__defaults__ = (
    *bot.platforms.slack.credentials.Credentials.__init__.__defaults__[:-1],
    {api!r},
)
'''


def environment(stub: SlackStub, folder: Path) -> dict[str, str]:
    """Return the environment of a Python process whose slack_sdk speaks to the stub.

    Python imports `sitecustomize` at its start from PYTHONPATH, where `folder` comes first; so
    the program under test needs to know nothing of it.
    """
    text = AT_START.format(api=stub.api)
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
