"""All buttons and menus of cards and receipts, for the client that is to recognise them."""

from typing import Final

from bot.platforms.discord.card_buttons import DetailsButton, SaveButton
from bot.platforms.discord.genre_menu import GenreMenu
from bot.platforms.discord.vote_buttons import TakeBackButton, VoteButton

CARD_ITEMS: Final = (GenreMenu, VoteButton, TakeBackButton, DetailsButton, SaveButton)
