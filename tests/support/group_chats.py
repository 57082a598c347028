"""Helpers for tests of shared chats."""

from dataclasses import replace
from typing import Final

from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.domain.replies import AlreadyShown, Reply
from tests.support.factories import HEROES, message
from tests.support.fake_app import FakeApp

CHANNEL: Final = Place("test", "w", "c")
WORKSPACE: Final = replace(CHANNEL, channel="")
HEROES_LINK: Final = f"spotify:track:{HEROES}"


async def fail(*_: object, **__: object) -> None:
    """Replace a store's method with one that fails."""
    raise StorageFailed("the database is unavailable")


async def paste(
    app: FakeApp, text: str, message_id: str, user: str = "ann", *, addressed: bool = False
) -> list[Reply | AlreadyShown]:
    """Post `text` and send the replies as the messages "re:MESSAGE_ID:NUMBER"."""
    message_ = message(text, message_id, user)
    replies = await app.services.group_chat.on_message(message_, addressed=addressed)
    for number, reply in enumerate(replies):
        await app.services.cards.on_sent(message_, f"re:{message_id}:{number}", reply)
    return list(replies)
