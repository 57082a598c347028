"""What chats and other sites display of a link to a song: Open Graph, Twitter cards, oEmbed.

Open Graph: https://ogp.me. Twitter's cards: https://developer.x.com/en/docs/x-for-websites/cards.
Discord takes the colour of an embed from `theme-color`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from bot import texts
from bot.domain.cards import Theme
from bot.domain.pictures import SHARE_PIXELS, PictureFormat
from bot.domain.text import shorten
from bot.platforms.web.song_answers import Found
from bot.render.palette import PALETTES, accents
from bot.texts import share, site, song_page

MAX_ALT: Final = 420
"""Characters of a picture's description; the limit of Twitter's cards."""


@dataclass(frozen=True, slots=True)
class Unfurled:
    """The head of a page.

    Attributes:
        title: Title of the page.
        canonical: Absolute address of the page.
        oembed: Absolute address of its oEmbed data; empty if it has none.
        colour: Colour of its genre, as "#rrggbb"; empty if it has none.
        properties: Names and contents of Open Graph's `meta` elements.
        names: The same of others.
    """

    title: str
    canonical: str
    oembed: str
    colour: str
    properties: Sequence[tuple[str, str]]
    names: Sequence[tuple[str, str]]


def unfurled(found: Found, origin: str) -> Unfurled:
    """Return the head of a song's page at an origin, such as `https://songs.example`."""
    answer = found.answer
    title, said = texts.headline(answer.subject), song_page.description(answer)
    address, picture = f"{origin}{found.address}", picture_address(found, origin)
    alt = shorten(share.alt(answer, found.tally), MAX_ALT)
    return Unfurled(
        title=title,
        canonical=address,
        oembed=f"{origin}/oembed?{urlencode({'url': address, 'format': 'json'})}",
        colour=accents(answer.prediction, PALETTES[Theme.DARK])[0],
        properties=(
            ("og:site_name", site.FRAME["name"]),
            ("og:type", "music.song"),
            ("og:title", title),
            ("og:description", said),
            ("og:url", address),
            ("og:image", picture),
            ("og:image:type", PictureFormat.PNG.media_type),
            ("og:image:width", str(SHARE_PIXELS)),
            ("og:image:height", str(SHARE_PIXELS)),
            ("og:image:alt", alt),
        ),
        names=(
            ("description", said),
            ("twitter:card", "summary_large_image"),
            ("twitter:title", title),
            ("twitter:description", said),
            ("twitter:image", picture),
            ("twitter:image:alt", alt),
        ),
    )


def plain(
    title: str, said: str, address: str, picture: Mapping[str, str] | None = None
) -> Unfurled:
    """Return the head of another page at an absolute address.

    `picture` has Open Graph's properties of its picture by name, such as "og:image:width".
    """
    properties = (
        ("og:site_name", site.FRAME["name"]),
        ("og:type", "website"),
        ("og:title", title),
        ("og:description", said),
        ("og:url", address),
        *(picture or {}).items(),
    )
    card = [("twitter:card", "summary_large_image")] if picture else []
    return Unfurled(title, address, "", "", properties, (("description", said), *card))


def picture_address(found: Found, origin: str) -> str:
    """Return the address of a song's picture.

    It differs between answers and votes, as chats keep pictures by their addresses.
    """
    return f"{origin}{found.address}/card.png?v={found.version}"
