"""Command `links`: find the links in each line of standard input."""

import json
import sys

from bot.domain import links


def run() -> int:
    """Print one JSON object for each line of standard input; return 0."""
    for line in sys.stdin.buffer if sys.stdin else ():
        found = links.find(line.decode("utf-8", errors="replace"))
        others = [{"kind": link.kind, "id": link.id} for link in found.others]
        row = {"tracks": found.tracks, "others": others, "short": found.short}
        print(json.dumps(row), flush=True)
    return 0
