"""Texts of a card on the web platform that are no part of the answer."""

from collections.abc import Mapping
from typing import Final

from bot.texts.collections import PICK_A_SONG
from bot.texts.details import DETAILS
from bot.texts.group_chat import ACTUALLY
from bot.texts.site import FRAME
from bot.texts.votes import PICTURE_MISSING, SAVE_CARD, TAKE_VOTE_BACK
from bot.texts.web_page import WHAT_IS_IT

CARD: Final[Mapping[str, str]] = {
    "votes": "What do you say?",
    "actually": ACTUALLY,
    "take_back": TAKE_VOTE_BACK,
    "vote_failed": "Not saved: I can't be reached. Try again in a moment.",
    "filed": "filed",
    "details": DETAILS,
    "save": SAVE_CARD,
    "save_as": f"{SAVE_CARD} as %s",
    "saving": "Drawing the picture …",
    "save_failed": PICTURE_MISSING,
    "link": "Link",
    "link_to": "Link to the page of this song",
    "copied": "Link copied:",
    "not_copied": "The browser did not let me copy it. The link is:",
    "compare": FRAME["compare"],
    "compare_with": "Compare with another song",
    "what_if": FRAME["what_if"],
    "what_if_more": "What if it sounded different?",
    "pick_a_song": PICK_A_SONG,
    "all_songs": "Show all %s songs",
    "help": WHAT_IS_IT,
    "try_one": "Try one:",
}
"""What the templates of cards, summaries and notices know as `on_card`."""
