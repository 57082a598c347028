"""Settings of a channel or a workspace."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.places import Message


class Mode(StrEnum):
    """When the bot replies in a channel.

    To every link and sound file; to commands and mentions only; to commands only, whose answers
    only the person who asks sees; or never.
    """

    AUTO = "auto"
    ON_REQUEST = "on-request"
    QUIET = "quiet"
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
        ignored_roles: Ids of roles whose members are answered only when they ask.
        removes_previews: Whether the music service's own preview of a link is removed once the
            link's card is displayed.
    """

    mode: Mode = Mode.AUTO
    reactions: bool = True
    model: str | None = None
    ignored_roles: frozenset[str] = frozenset()
    removes_previews: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether only the person who asks sees the answer to a command."""
        return self.mode is Mode.QUIET

    def answers(self, message: Message, *, addressed: bool) -> bool:
        """Return whether a message is answered.

        In private the bot need not be quiet. `addressed` is whether the message addresses the bot.
        """
        if self.is_quiet and message.is_direct:
            return True
        ignored = not addressed and bool(message.roles & self.ignored_roles)
        return self.mode.answers(addressed=addressed) and not ignored


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """New values for `ChannelSettings`; None leaves a setting unchanged."""

    mode: Mode | None = None
    reactions: bool | None = None
    model: str | None = None
    ignored_roles: frozenset[str] | None = None
    removes_previews: bool | None = None
