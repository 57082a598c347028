"""Values of the core as Discord's Components V2, and as plain text where these cannot be sent."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import discord
from discord import ui

from bot import texts
from bot.domain import emoji
from bot.domain.cards import Answer, Card, Theme
from bot.domain.sanitize import one_line, short
from bot.domain.statistics import WorkspaceStats
from bot.platforms.discord import escaping
from bot.platforms.discord.genre_menu import GenreMenu
from bot.render.palette import PALETTES
from bot.texts import discord as words
from model.classifier import Verdict

CHART: Final = "chart.png"
BARS: Final = 5
LONGEST_ALT: Final = 1024
"""Characters of a picture's description, by Discord's OpenAPI document."""

LONGEST_PLAIN: Final = 2000
"""Characters of a message's plain content."""

NO_MENTIONS: Final = discord.AllowedMentions.none()


def card(shown: Card, tally: Mapping[str, int], *, chart: bool) -> ui.LayoutView:
    """Lay a card out; `chart` says that the picture is attached, else bars stand in its place."""
    answer = short(shown.answer)
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_accent(answer))
    box.add_item(_head(answer))
    if chart:
        box.add_item(_picture(texts.alt(answer)))
    else:
        box.add_item(ui.TextDisplay("\n".join(_bars(answer))))
    box.add_item(ui.TextDisplay("\n".join(_words(answer, tally))))
    box.add_item(ui.ActionRow(GenreMenu(shown.id)))
    if url := _https(answer.track.url):
        box.add_item(ui.ActionRow(ui.Button(label=texts.OPEN, url=url)))
    return _view(box)


def plain(shown: Card) -> str:
    """Write a card as an ordinary message, for where nothing else can be sent."""
    answer = short(shown.answer)
    url = _https(answer.track.url)
    unlinked = replace(answer, track=replace(answer.track, url=None))
    words = escaping.safe(texts.plain(unlinked))
    return "\n".join([words, f"<{url}>"] if url else [words])[:LONGEST_PLAIN]


def sentence(text: str) -> ui.LayoutView:
    """Lay a sentence out."""
    return _view(ui.TextDisplay(plain_sentence(text)))


def plain_sentence(text: str) -> str:
    """Write a sentence as an ordinary message."""
    return escaping.safe(one_line(text, escaping.LONGEST_SENTENCE))[:LONGEST_PLAIN]


def pointer(text: str) -> ui.LayoutView:
    """Lay a sentence with an address of Discord's own out."""
    return _view(ui.TextDisplay(text))


def stats(found: WorkspaceStats, *, chart: bool) -> ui.LayoutView:
    """Lay a server's figures out."""
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay(f"### {words.STATS_TITLE}"))
    if chart:
        box.add_item(_picture(texts.stats_alt(found)))
    box.add_item(ui.TextDisplay(texts.stats(found)))
    return _view(box)


def help_text() -> ui.LayoutView:
    """Lay the help out, with the reactions that are votes."""
    signs = "\n".join(f"{sign} {genre}" for genre, sign in emoji.GENRES.items())
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay(words.HOW_TO))
    box.add_item(ui.TextDisplay(f"{words.REACTIONS}\n{emoji.RIGHT} {words.RIGHT}\n{signs}"))
    return _view(box)


def file(png: bytes) -> discord.File:
    """Return the chart as an attachment; each can be sent once."""
    return discord.File(io.BytesIO(png), CHART)


def _view(item: ui.Item[Any]) -> ui.LayoutView:
    return ui.LayoutView(timeout=None).add_item(item)


def _head(answer: Answer) -> ui.Item[Any]:
    track = answer.track
    lines = [f"### {escaping.isolated(escaping.safe(texts.title(track)))}"]
    if track.artists:
        lines.append(escaping.isolated(escaping.safe(texts.artists(track))))
    sign = emoji.GENRES.get(answer.prediction.best, "")
    name = ui.TextDisplay[Any]("\n".join([*lines, f"{sign} **{texts.verdict(answer)}**"]))
    image = _https(track.image)
    return ui.Section(name, accessory=ui.Thumbnail(image)) if image else name


def _picture(alt: str) -> ui.MediaGallery[Any]:
    item = discord.MediaGalleryItem(f"attachment://{CHART}", description=alt[:LONGEST_ALT])
    return ui.MediaGallery(item)


def _bars(answer: Answer) -> Iterator[str]:
    for genre, share in list(answer.prediction.genres.items())[:BARS]:
        bar = "█" * max(1, round(share * 20))
        yield f"`{texts.percent(share):>5} {bar}` {genre}"


def _words(answer: Answer, tally: Mapping[str, int]) -> Iterator[str]:
    if why := texts.why(answer):
        yield why
    if heard := texts.heard(tally):
        yield heard
    yield f"-# {texts.small_print(answer)}"


def _accent(answer: Answer) -> discord.Colour:
    palette = PALETTES[Theme.DARK]
    unsure = answer.prediction.verdict is Verdict.UNSURE
    colour = palette.neutral if unsure else palette.accent(answer.prediction.best)
    return discord.Colour.from_str(colour)


def _https(url: str | None) -> str | None:
    return url if url and url.startswith("https://") else None
