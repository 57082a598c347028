"""The forms in which a reply may be sent, of which Discord may refuse some."""

from collections.abc import Callable
from typing import Any, Protocol

import discord

from bot.platforms.discord import present

Form = Callable[[], dict[str, Any]]
"""Returns the arguments of `Transport.send` for one form of a reply, anew for each attempt."""


class Layout(Protocol):
    """Returns the layout of a reply, with or without its chart."""

    def __call__(self, *, chart: bool) -> discord.ui.LayoutView:
        """Return the layout."""


def with_chart(png: bytes | None, layout: Layout, text: str) -> list[Form]:
    """Return the forms of a reply with a chart, if that could be drawn, in order of preference."""
    without_chart = text_forms(layout(chart=False), text)
    if png is None:
        return without_chart
    view = layout(chart=True)
    # A file object can be read once, so each attempt gets a new one.
    return [lambda: {"view": view, "file": present.file(png)}, *without_chart]


def text_forms(view: discord.ui.LayoutView, text: str) -> list[Form]:
    """Return the forms of a reply without a chart, in order of preference."""
    return [lambda: {"view": view}, lambda: {"content": text}]
