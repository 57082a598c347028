"""What the tests of a shared chat share."""

from dataclasses import replace
from typing import Final

from bot.domain.cards import AlreadyShown, Reply
from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from tests.support.factories import HEROES, message
from tests.support.fake_app import FakeApp

HERE: Final = Place("test", "w", "c")
SERVER: Final = replace(HERE, channel="")
OTHER: Final = f"spotify:track:{HEROES}"


async def broken(*_: object, **__: object) -> None:
    """Stand in for a method of a store that is away."""
    raise StorageFailed("gone")


async def paste(
    world: FakeApp, text: str, message_id: str, user: str = "ann", *, addressed: bool = False
) -> list[Reply | AlreadyShown]:
    """Paste `text` and show what comes of it in the message "re:" + its id."""
    written = message(text, message_id, user)
    replies = await world.room.on_pasted(written, addressed=addressed)
    for number, reply in enumerate(replies):
        await world.core.on_shown(written, f"re:{message_id}:{number}", reply)
    return list(replies)
