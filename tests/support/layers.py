"""The import law: which package may import which. The test and the architecture picture read it."""

from collections.abc import Mapping
from typing import Final

MAY_IMPORT: Final[Mapping[str, frozenset[str]]] = {
    layer: frozenset(allowed)
    for layer, allowed in {
        "model": {"model"},
        "training": {"training", "model"},
        "training.study": {"training", "model"},
        "bot": set[str](),
        "bot.domain": {"bot.domain", "model"},
        "bot.concurrency": {
            "bot.concurrency",
            "model.fresh_process",  # the command line of a process of this program's own
        },
        "bot.texts": {"bot.texts", "bot.domain", "model"},
        "bot.services": {"bot.services", "bot.concurrency", "bot.texts", "bot.domain", "model"},
        "bot.sources": {"bot.sources", "bot.concurrency", "bot.domain", "model"},
        "bot.render": {"bot.render", "bot.concurrency", "bot.texts", "bot.domain", "model"},
        "bot.listening": {"bot.listening", "bot.concurrency", "bot.domain", "model"},
        "bot.storage": {"bot.storage", "bot.concurrency", "bot.domain", "model"},
        "bot.platforms": {
            "bot.services",
            "bot.concurrency",
            "bot.texts",
            "bot.domain",
            "model",
            "bot.sources.http_client",  # token checks are single HTTP requests
            "bot.platforms.http",  # limits of the HTTP servers of the web page and of Slack
            "bot.render.palette",  # a card's accent colour is its genre's colour in the chart
        },
        "bot.runtime": {
            "bot.runtime",
            "bot.platforms",
            "bot.storage",
            "bot.render",
            "bot.sources",
            "bot.listening",
            "bot.services",
            "bot.concurrency",
            "bot.texts",
            "bot.domain",
            "model",
        },
        "bot.cli": {"bot", "model"},
        "bot.__main__": {"bot.cli"},
        "soundslike": {"soundslike", "bot.cli", "bot.texts", "model", "training.cli"},
    }.items()
}
"""Package to the packages it may import. The most specific entry applies to a module; a platform
may also import itself."""

PLATFORM_FILES: Final = frozenset(
    {"platform", "events", "commands", "votes", "delivery", "present", "ids"}
)
"""Modules that every platform has, each with the same job."""
