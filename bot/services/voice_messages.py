"""Use case: voice messages, which are declined and never fetched."""

from typing import Final

from bot import texts
from bot.concurrency.rate_limiter import RateLimiter
from bot.domain.channel_settings import Mode
from bot.domain.places import Message
from bot.domain.ports import Now
from bot.domain.replies import Notice, NoticeKind
from bot.services.channel_settings import SettingsService
from bot.services.rate_limits import RateLimits

QUIET_SECONDS: Final = 3600.0
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

    async def decline(self, message: Message, *, addressed: bool) -> Notice | None:
        """Return the reply to a message that contains voice messages; None for no reply.

        A message that addresses the bot gets one, within the rate limits. Others get one in an
        hour in each channel where the bot answers everything.

        Args:
            message: The message.
            addressed: Whether it mentions the bot, is a direct message, or was asked about by a
                command.
        """
        mode = (await self._settings.of(message.settings_place)).mode
        if mode is Mode.OFF:
            notice = Notice(NoticeKind.SWITCHED_OFF, texts.SWITCHED_OFF)
            return notice if addressed else None
        channel = str(message.settings_place)
        if not addressed and (mode is not Mode.AUTO or self._declined.wait_time(channel)):
            return None
        if self._rate_limits.check(message):
            return None
        self._declined.acquire(channel)
        return Notice(NoticeKind.VOICE_MESSAGE, texts.VOICE_MESSAGE)
