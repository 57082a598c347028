"""Environment of a subprocess whose slack_sdk connects to the stub."""

import os
from pathlib import Path

from tests.stubs.slack.server import SlackStub

SITECUSTOMIZE = '''\
"""Written by a test: slack_sdk connects to the stub."""

import bot.platforms.slack.credentials

bot.platforms.slack.credentials.Credentials.__init__.__defaults__ = (
    *bot.platforms.slack.credentials.Credentials.__init__.__defaults__[:-1],
    {api!r},
)
'''


def environment(stub: SlackStub, folder: Path) -> dict[str, str]:
    """Return the environment of a Python process whose slack_sdk connects to the stub.

    At start Python imports `sitecustomize` from PYTHONPATH, in which `folder` is first, so the
    program under test needs no setting for it.
    """
    text = SITECUSTOMIZE.format(api=stub.api)
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
