"""Files that components display, which Discord does not list among the attachments."""

import io
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest

from tests.stubs.discord.clients import PNG, EchoBot, running
from tests.stubs.discord.objects import Channel, Json
from tests.stubs.discord.rest import MESSAGE
from tests.stubs.discord.server import DiscordStub

OTHER_PNG = PNG + b"other"


class Card(discord.ui.LayoutView):
    """A Components V2 card with an image and a select menu."""

    def __init__(self, text: str) -> None:
        super().__init__(timeout=None)
        menu = discord.ui.Select[Card](custom_id="vote")
        for genre in ("rock", "jazz"):
            menu.add_option(label=genre)
        picture = discord.MediaGalleryItem("attachment://radar.png", description="A chart")
        self.add_item(
            discord.ui.Container(
                discord.ui.TextDisplay(text),
                discord.ui.MediaGallery(picture),
                discord.ui.ActionRow(menu),
            )
        )


class SentCard:
    """A card of the bot in a channel."""

    def __init__(self, stub: DiscordStub, bot: EchoBot, sent: discord.Message) -> None:
        self._stub = stub
        self._bot = bot
        self.sent = sent
        self.upload = self.media["attachment_id"]

    @property
    def current(self) -> Json:
        return self._stub.state.messages[str(self.sent.id)]

    @property
    def media(self) -> Json:
        media: Json = self.current["components"][0]["components"][1]["items"][0]["media"]
        return media

    async def edit(self, text: str, *attachments: Json) -> Any:
        """Edit the card with a list of attachments, none of which is new."""
        route = discord.http.Route(
            "PATCH", MESSAGE, channel_id=self.sent.channel.id, message_id=self.sent.id
        )
        components = Card(text).to_components()  # type: ignore[no-untyped-call] # of discord.py
        body = {"components": components, "attachments": list(attachments)}
        return await self._bot.http.request(route, json=body)


@pytest.fixture
async def card(discord_stub: DiscordStub, music: Channel) -> AsyncIterator[SentCard]:
    bot = EchoBot()
    async with running(discord_stub, bot):
        file = discord.File(io.BytesIO(PNG), "radar.png")
        channel = bot.get_partial_messageable(int(music.id))
        yield SentCard(discord_stub, bot, await channel.send(view=Card("rock"), file=file))


async def test_displayed_file_is_in_the_components_and_not_among_the_attachments(
    discord_stub: DiscordStub, card: SentCard
) -> None:
    assert card.sent.flags.components_v2
    assert card.sent.attachments == []
    assert card.current["attachments"] == []
    assert card.current["components"][0]["components"][0]["content"] == "rock"
    assert card.media["url"].endswith(f"/{card.upload}/radar.png")
    assert discord_stub.file_contents(card.current) == [PNG]


async def test_edit_keeps_a_file_that_it_lists_with_its_name(
    discord_stub: DiscordStub, card: SentCard
) -> None:
    edited = await card.edit("jazz", {"id": card.upload, "filename": "radar.png"})
    assert edited["components"] == card.current["components"]
    assert card.current["components"][0]["components"][0]["content"] == "jazz"
    assert card.media["attachment_id"] == card.upload
    assert discord_stub.file_contents(card.current) == [PNG]
    assert card.current["flags"] == 1 << 15


async def test_name_in_the_list_is_the_one_that_addresses_refer_to(
    discord_stub: DiscordStub, card: SentCard
) -> None:
    with pytest.raises(discord.HTTPException, match="missing files"):
        await card.edit("jazz", {"id": card.upload, "filename": "other.png"})
    assert "radar.png" in discord_stub.violations.pop()


async def test_file_without_a_name_in_the_list_is_a_violation(
    discord_stub: DiscordStub, card: SentCard
) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await card.edit("jazz", {"id": card.upload})
    assert refused.value.code == 50035
    assert "no filename" in discord_stub.violations.pop()


async def test_edit_deletes_files_that_its_list_leaves_out(
    discord_stub: DiscordStub, card: SentCard
) -> None:
    file = discord.File(io.BytesIO(OTHER_PNG), "radar.png")
    await card.sent.edit(view=Card("jazz"), attachments=[file])
    assert discord_stub.file_contents(card.current) == [OTHER_PNG]
    assert list(discord_stub.state.files.values()) == [OTHER_PNG]
    with pytest.raises(discord.HTTPException) as refused:
        await card.edit("rock", {"id": card.upload, "filename": "radar.png"})
    assert refused.value.code == 50035
    assert discord_stub.file_contents(card.current) == [OTHER_PNG]


async def test_file_that_is_no_longer_displayed_is_an_attachment(
    discord_stub: DiscordStub, card: SentCard
) -> None:
    view = discord.ui.LayoutView().add_item(discord.ui.TextDisplay("text"))
    await card.sent.edit(view=view)
    (attachment,) = card.current["attachments"]
    assert (attachment["id"], attachment["filename"]) == (card.upload, "radar.png")
    assert attachment["size"] == len(PNG)
    assert discord_stub.file_contents(card.current) == [PNG]
