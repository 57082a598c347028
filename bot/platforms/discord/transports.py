"""Two ways to send replies: in a channel, and in reply to a command.

A reply that may have been sent already, by a process that ended, is looked for first. In a channel,
Discord also recognises a repeated message by its nonce, but only for a few minutes; replies to
commands have none.

While a long answer is worked out, a line says how far the work is. The first reply replaces it, by
an edit, which may be repeated.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import discord

from bot.domain.cards import Card
from bot.domain.jobs import JobKind, StoredJob
from bot.domain.replies import AlreadyShown, Reply, Summary
from bot.platforms.discord import jobs, markup, present
from bot.platforms.discord.card_ids import cards_in, walk
from bot.platforms.discord.interaction_response import InteractionResponse
from bot.platforms.discord.song_choices import menu_id
from bot.platforms.discord.uploads import Sent
from bot.services.reply_plans import Outgoing
from bot.texts import collections, sound

NONCE_LIFETIME: Final = timedelta(minutes=2)
"""Time within which Discord certainly recognises a nonce; it promises "a few minutes"."""

PROGRESS: Final = "p"
"""End of the nonce of the message that says how far the work is; a nonce has 25 characters."""

HISTORY_LENGTH: Final = 1000
"""Messages after the answered one among which a reply is looked for; Discord sends 100 at once."""


class Unfindable(Exception):
    """It cannot be found out whether a reply was sent, and sending it again could repeat it."""


class Transport(Protocol):
    """Sends the replies to one message or command. Methods raise discord.py's exceptions.

    Attributes:
        progress: The message that says how far the work is, and that the first reply replaces;
            None without one.
        is_recorded: Whether what is sent is recorded as displayed in its place.
    """

    progress: int | None
    is_recorded: bool

    async def send(self, number: int, **form: Any) -> Sent:
        """Send the reply with a number."""

    async def show_progress(self, text: str) -> Sent:
        """Display how far the work is, instead of what was displayed before."""

    async def find_progress(self) -> int | None:
        """Return the message that an earlier process sent for this, as `progress`."""

    async def delete_progress(self) -> None:
        """Delete the message that says how far the work is."""

    def is_repeatable(self, number: int) -> bool:
        """Return whether a reply whose sending failed may be sent again."""

    def drop_reference(self) -> None:
        """Send further replies without referring to the message that is answered."""

    async def find(self, outgoing: Outgoing) -> Sent | None:
        """Return a reply that was sent before, None if it was not.

        Raises Unfindable.
        """


class ChannelTransport:
    """Replies to a message in its channel."""

    is_recorded = True

    def __init__(self, client: discord.Client, stored: StoredJob, now: datetime) -> None:
        place = stored.job.place
        self._bot = client.user
        self._source = int(jobs.source_of(stored) or stored.job.id)
        is_edit = stored.job.kind is JobKind.EDIT
        self._nonce = f"edit-{stored.id}" if is_edit else str(self._source)
        self._age = now - stored.accepted_at
        self.progress: int | None = None
        guild = int(place.workspace) if place.workspace.isdecimal() else None
        self._channel = client.get_partial_messageable(int(place.channel), guild_id=guild)
        self._reference: discord.MessageReference | None = discord.MessageReference(
            message_id=self._source, channel_id=int(place.channel), guild_id=guild
        )

    async def send(self, number: int, **form: Any) -> Sent:
        """Send a reply that refers to the message; the first one replaces the progress."""
        if number or self.progress is None:
            return await self._post(number, **form)
        file = form.pop("file", None)
        form = {"content": None, "attachments": [file] if file else [], **form}
        replaced = await self._channel.get_partial_message(self.progress).edit(**form)
        self.progress = None
        return Sent.of(replaced)

    async def show_progress(self, text: str) -> Sent:
        """Send a message that refers to the message, or edit it."""
        form: dict[str, Any] = {"content": text, "allowed_mentions": present.NO_MENTIONS}
        if self.progress is not None:
            message = self._channel.get_partial_message(self.progress)
            return Sent.of(await message.edit(**form))
        sent = await self._post(PROGRESS, **form)
        self.progress = sent.id
        return sent

    async def find_progress(self) -> int | None:
        """Look for the message in the channel's history; None if it may not be read, either."""

        def says_progress(message: discord.Message) -> bool:
            return _is_progress(message.content) and self._is_reply(message)

        found, _ = await self._look(says_progress)
        return found.id if found else None

    async def delete_progress(self) -> None:
        """Delete the message."""
        if self.progress is not None:
            message = self._channel.get_partial_message(self.progress)
            self.progress = None
            await message.delete()

    def drop_reference(self) -> None:
        """Send further replies without a reference, in channels whose history is forbidden."""
        self._reference = None

    def is_repeatable(self, _: int) -> bool:
        """Return True: Discord recognises the nonce."""
        return True

    async def find(self, outgoing: Outgoing) -> Sent | None:
        """Look for a reply in the channel's history.

        Raises Unfindable if the channel is deleted, and if the reply may be hidden and Discord
        would not recognise its nonce any more.
        """
        if outgoing.number == 0 and self.progress is not None:
            return None  # it is an edit, whose repetition makes no difference
        found, hidden = await self._look(
            lambda message: _displays(message, outgoing.reply, is_reply=self._is_reply(message))
        )
        if not found and hidden and self._age > NONCE_LIFETIME:
            raise Unfindable
        return Sent.of(found) if found else None

    async def _post(self, suffix: int | str, **form: Any) -> Sent:
        if self._reference:
            form["reference"] = self._reference
        return Sent.of(await self._channel.send(nonce=f"{self._nonce}-{suffix}", **form))

    def _is_reply(self, message: discord.Message) -> bool:
        return message.reference is not None and message.reference.message_id == self._source

    async def _look(
        self, fits: Callable[[discord.Message], bool]
    ) -> tuple[discord.Message | None, bool]:
        """Return the first of the bot's later messages that fits, and whether some are hidden.

        Raises Unfindable if the channel is deleted.
        """
        read = 0
        after = discord.Object(self._source)
        try:
            history = self._channel.history(after=after, limit=HISTORY_LENGTH, oldest_first=True)
            async for message in history:
                read += 1
                if message.author == self._bot and fits(message):
                    return message, False
        except discord.NotFound:
            raise Unfindable from None
        except discord.Forbidden:
            return None, True
        return None, read == HISTORY_LENGTH


class CommandTransport:
    """Replies to a command: the first replaces "is thinking", the others follow.

    Args:
        response: The response.
        is_recorded: Whether others see it.
    """

    def __init__(self, response: InteractionResponse, *, is_recorded: bool = True) -> None:
        self._response = response
        self.is_recorded = is_recorded
        self.progress: int | None = None
        self.count = 0

    async def send(self, number: int, **form: Any) -> Sent:
        """Send one reply."""
        file = form.pop("file", None)
        files = [file] if file else []
        if number == 0:
            sent = await self._response.edit(attachments=files, **form)
        else:
            sent = await self._response.follow_up(files=files, **form)
        self.count += 1
        self.progress = None
        return sent

    async def show_progress(self, text: str) -> Sent:
        """Edit the first response."""
        sent = await self._response.edit(content=text)
        self.progress = sent.id
        return sent

    async def find_progress(self) -> int | None:
        """Return None: each edit of the first response replaces it."""
        return None

    async def delete_progress(self) -> None:
        """Delete the first response."""
        self.progress = None
        await self._response.delete()

    def drop_reference(self) -> None:
        """Do nothing: replies to commands refer to no message."""

    def is_repeatable(self, number: int) -> bool:
        """Return whether a reply is an edit, whose repetition makes no difference."""
        return number == 0

    async def find(self, outgoing: Outgoing) -> Sent | None:
        """Return None for the first reply, which is an edit; raise Unfindable for the others."""
        if outgoing.number:
            raise Unfindable
        return None


def _displays(message: discord.Message, reply: Reply | AlreadyShown, *, is_reply: bool) -> bool:
    """Return whether a message of the bot displays a reply; `is_reply` if it refers to its message.

    A reply without a menu is recognised by what it refers to.
    """
    menus = {
        component.custom_id
        for component in walk(message.components)
        if isinstance(component, discord.SelectMenu)
    }
    cards = cards_in(message.components)
    if isinstance(reply, Card):
        return reply.id in cards
    if isinstance(reply, Summary) and menus:
        return menu_id(reply.id) in menus
    if menus or cards or not is_reply or _is_progress(message.content):
        return False
    return not isinstance(reply, AlreadyShown) or reply.message_id in _text(message)


def _is_progress(text: str) -> bool:
    text = text.strip(markup.SPOILER)
    return collections.is_progress(text) or sound.is_waiting(text)


def _text(message: discord.Message) -> str:
    contents = (getattr(part, "content", "") for part in walk(message.components))
    return "\n".join([message.content, *contents])
