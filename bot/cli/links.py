"""Command `links`: find the links in each line of standard input."""

import json
import sys
from typing import Any

from bot.domain import links


def run() -> int:
    """Print one JSON object for each line of standard input; return 0.

    `services` has the links to services other than Spotify and is absent without any.
    """
    for line in sys.stdin.buffer if sys.stdin else ():
        found = links.find(line.decode("utf-8", errors="replace"))
        others = [{"kind": link.kind, "id": link.id} for link in found.others]
        row: dict[str, Any] = {"tracks": found.tracks, "others": others, "short": found.short}
        if found.elsewhere:
            row["services"] = [
                {"service": link.service.value, "kind": link.kind, "id": link.id}
                for link in found.elsewhere
            ]
        print(json.dumps(row), flush=True)
    return 0
