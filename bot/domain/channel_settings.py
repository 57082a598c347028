"""How the bot behaves in a channel."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """When the bot speaks in a channel: to every link, when it is asked, or not at all."""

    AUTO = "auto"
    ON_REQUEST = "on-request"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """How the bot behaves in a channel. `model` is a bundle's name; None is the one set for all.

    With `reactions` off it offers no reactions and counts none.
    """

    mode: Mode = Mode.AUTO
    reactions: bool = True
    model: str | None = None


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What to set of `ChannelSettings`; None leaves it as it is, or as the workspace has it."""

    mode: Mode | None = None
    reactions: bool | None = None
    model: str | None = None
