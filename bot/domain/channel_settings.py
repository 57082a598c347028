"""Settings of a channel or a workspace."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """When the bot replies in a channel: to every link, to commands and mentions only, or never."""

    AUTO = "auto"
    ON_REQUEST = "on-request"
    OFF = "off"

    def answers(self, *, addressed: bool) -> bool:
        """Return whether messages are answered, by whether they address the bot."""
        return self is Mode.AUTO or (addressed and self is Mode.ON_REQUEST)


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """Settings that apply in a channel.

    Attributes:
        mode: When the bot replies.
        reactions: Whether reactions are offered and counted as votes.
        model: Name of the model to use; None for the configured default.
    """

    mode: Mode = Mode.AUTO
    reactions: bool = True
    model: str | None = None


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """New values for `ChannelSettings`; None leaves a setting unchanged."""

    mode: Mode | None = None
    reactions: bool | None = None
    model: str | None = None
