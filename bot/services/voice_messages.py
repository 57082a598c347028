"""Use case: voice messages, which are declined and never fetched."""

from collections.abc import Sequence
from typing import Final

from bot import texts
from bot.concurrency.rate_limiter import RateLimiter
from bot.domain import links
from bot.domain.places import Message
from bot.domain.ports import Now
from bot.domain.replies import Notice, NoticeKind
from bot.services.channel_settings import SettingsService, switched_off
from bot.services.rate_limits import RateLimits

QUIET_SECONDS: Final = 24 * 3600.0
"""Time in which voice messages of a channel that do not address the bot get one reply."""


class VoiceMessages:
    """Declines voice messages.

    Args:
        settings: Settings of the channels.
        rate_limits: Limits that are shared with the other messages.
        now: Clock.
    """

    def __init__(self, settings: SettingsService, rate_limits: RateLimits, now: Now) -> None:
        self._settings = settings
        self._rate_limits = rate_limits
        self._declined = RateLimiter(1, QUIET_SECONDS, lambda: now().timestamp())

    def are_alone(self, message: Message, *, voice: bool, files: bool) -> bool:
        """Return whether a message is to be declined: voice messages are all it has.

        One with a link or a sound file is answered by these, and nothing is said of the rest.

        Args:
            message: The message.
            voice: Whether it has voice messages.
            files: Whether it has sound files.
        """
        return voice and not files and not links.find(message.text).links

    async def decline(self, message: Message, *, addressed: bool) -> Sequence[Notice]:
        """Return the reply to a message that has nothing but voice messages; none for no reply.

        A message that addresses the bot gets one, within the rate limits. Others get one in a
        day in each channel where the bot answers everything.

        Args:
            message: The message.
            addressed: Whether it mentions the bot, is a direct message, or was asked about by a
                command.
        """
        settings = await self._settings.of(message.settings_place)
        if not settings.answers(message, addressed=addressed):
            return [switched_off(settings)] if addressed else []
        channel = str(message.settings_place)
        if not addressed and self._declined.wait_time(channel):
            return []
        if self._rate_limits.check(message):
            return []
        self._declined.acquire(channel)
        return [Notice(NoticeKind.VOICE_MESSAGE, texts.VOICE_MESSAGE)]
