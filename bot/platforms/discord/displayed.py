"""Whether a message of the bot says what a song or a collection sounds like."""

import re
from typing import Final

import discord

from bot.domain.places import Place
from bot.platforms.discord.card_ids import cards_in, walk
from bot.platforms.discord.song_choices import MENU_TEMPLATE
from bot.services.cards import CardService
from bot.services.failures import value_or_none

_SUMMARY: Final = re.compile(MENU_TEMPLATE)


async def displays_answer(cards: CardService, place: Place, message: discord.Message) -> bool:
    """Return whether a message of the bot displays a card or a summary.

    Both are recognised by their ids. A card without components, as in channels that refuse these,
    is looked for among those that were sent.
    """
    custom_ids = [str(getattr(part, "custom_id", "")) for part in walk(message.components)]
    if cards_in(message.components) or any(map(_SUMMARY.fullmatch, custom_ids)):
        return True
    about = f"message {message.id}"
    return await value_or_none(cards.displayed_by(place, str(message.id)), about) is not None
