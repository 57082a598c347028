"""What each setting must be, in words."""

from collections.abc import Mapping
from typing import Final

from bot.texts import learning, public_page

PROBLEMS: Final[Mapping[str, str]] = {
    "int_parsing": "must be a whole number from 0 to 65535",
    "greater_than_equal": "must be a whole number from 0 to 65535",
    "less_than_equal": "must be a whole number from 0 to 65535",
    "bool_parsing": "must be true or false",
    "GENRE_PRIOR": "must be popular (popular music), tables (the songs of the training tables) or "
    "even (every genre alike)",
    "RETENTION_DAYS": "must be a whole number from 0 to 36500",
    "ANSWER_WITHIN_MINUTES": "must be a number above 0 and up to 10080",
    "STOP_SECONDS": "must be a number from 0 to 600",
    "PREVIEWS": "must be deezer, itunes or both with a comma between",
    "PREVIEWS_FOR": "must be unmeasured (songs without figures) or all",
    "SPOTIFY_MARKET": "must be the two letters of a country, such as US",
    "DISCORD_APPLICATION_ID": "must be a number of 15 to 20 digits",
    **public_page.SETTING_PROBLEMS,
    **learning.SETTING_PROBLEMS,
}
"""What a setting must be, by pydantic's type of its problem, or by variable."""
