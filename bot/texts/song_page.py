"""Texts of a song's page, of what chats display of a link to it, and of pages that are missing."""

from typing import Final

from bot.domain.cards import Answer
from bot.domain.errors import FeaturesUnknown, SoundslikeError, UserFacing
from bot.texts.filing import filed_under
from bot.texts.http import NOT_FOUND
from bot.texts.numbers import unbroken
from bot.texts.verdicts import verdict

NO_SUCH_SONG: Final = (
    "There is no song at this address. Check the address, or search for the song by its name."
)
NO_SUCH_PAGE: Final = f"{NOT_FOUND} Search for a song?"

UNKNOWN: Final = "Not found"
UNHEARD: Final = "No answer for this song"
FAILED: Final = "Not available now"

ONLY_JSON: Final = "Only format=json is supported."
URL_MISSING: Final = "The parameter “url” is missing: the address of a song's page."
SIZE_MALFORMED: Final = "“maxwidth” and “maxheight” must be numbers of pixels."
NO_EMBEDDING: Final = "There is no song's page of this site at that address."


def description(answer: Answer) -> str:
    """Return what is said of a song below its title: the verdict, and where it is filed."""
    return unbroken(" ".join(filter(None, (verdict(answer), filed_under(answer)))))


def problem(error: SoundslikeError) -> str:
    """Return the title of the page that says why there is no answer."""
    if isinstance(error, FeaturesUnknown):
        return UNHEARD
    return UNKNOWN if isinstance(error, UserFacing) else FAILED
