"""Two ways to send replies: in a channel, and in reply to a command.

A reply that may have been sent already, by a process that ended, is looked for first. In a channel,
Discord also recognises a repeated message by its nonce, but only for a few minutes; replies to
commands have none.
"""

from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import discord

from bot.domain.cards import Card
from bot.domain.jobs import StoredJob
from bot.domain.replies import AlreadyShown, Reply
from bot.platforms.discord.genre_menu import custom_id
from bot.platforms.discord.interaction_response import InteractionResponse
from bot.platforms.discord.uploads import Sent
from bot.services.reply_plans import Outgoing

NONCE_LIFETIME: Final = timedelta(minutes=2)
"""Time within which Discord certainly recognises a nonce; it promises "a few minutes"."""

HISTORY_LENGTH: Final = 1000
"""Messages after the answered one among which a reply is looked for; Discord sends 100 at once."""


class Unfindable(Exception):
    """It cannot be found out whether a reply was sent, and sending it again could repeat it."""


class Transport(Protocol):
    """Sends the replies to one message or command. Methods raise discord.py's exceptions."""

    async def send(self, number: int, **form: Any) -> Sent:
        """Send the reply with a number."""

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

    def __init__(self, client: discord.Client, stored: StoredJob, now: datetime) -> None:
        place = stored.job.place
        self._bot = client.user
        self._source = int(stored.job.id)
        self._age = now - stored.accepted_at
        guild = int(place.workspace) if place.workspace.isdecimal() else None
        self._channel = client.get_partial_messageable(int(place.channel), guild_id=guild)
        self._reference: discord.MessageReference | None = discord.MessageReference(
            message_id=self._source, channel_id=int(place.channel), guild_id=guild
        )

    async def send(self, number: int, **form: Any) -> Sent:
        """Send a reply that refers to the message."""
        if self._reference:
            form["reference"] = self._reference
        sent = await self._channel.send(nonce=f"{self._source}-{number}", **form)
        return Sent.of(sent)

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
        read = 0
        after = discord.Object(self._source)
        try:
            history = self._channel.history(after=after, limit=HISTORY_LENGTH, oldest_first=True)
            async for message in history:
                read += 1
                if message.author == self._bot and _displays(message, self._source, outgoing.reply):
                    return Sent.of(message)
        except discord.NotFound:
            raise Unfindable from None
        except discord.Forbidden:
            hidden = True
        else:
            hidden = read == HISTORY_LENGTH
        if hidden and self._age > NONCE_LIFETIME:
            raise Unfindable
        return None


class CommandTransport:
    """Replies to a command: the first replaces "is thinking", the others follow."""

    def __init__(self, response: InteractionResponse) -> None:
        self._response = response
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
        return sent

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


def _displays(message: discord.Message, source: int, reply: Reply | AlreadyShown) -> bool:
    """Return whether a message of the bot is this reply to the message `source`."""
    menus = {
        component.custom_id
        for component in _walk(message.components)
        if isinstance(component, discord.SelectMenu)
    }
    if isinstance(reply, Card):
        return custom_id(reply.id) in menus
    refers = message.reference is not None and message.reference.message_id == source
    if isinstance(reply, AlreadyShown):
        return refers and not menus and reply.message_id in _text(message)
    return refers and not menus


def _walk(components: Any) -> Any:
    for component in components:
        yield component
        yield from _walk(getattr(component, "children", ()))


def _text(message: discord.Message) -> str:
    contents = (getattr(part, "content", "") for part in _walk(message.components))
    return "\n".join([message.content, *contents])
