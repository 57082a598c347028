"""Layout of cards and notices as Components V2, and as plain text where these are refused."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import discord
from discord import ui

from bot import texts
from bot.domain import emoji
from bot.domain.cards import Answer, Card, Theme, displayed_genres
from bot.domain.sanitize import one_line, with_short_names
from bot.domain.statistics import WorkspaceStats
from bot.platforms.discord import escaping
from bot.platforms.discord.genre_menu import GenreMenu
from bot.render.palette import PALETTES
from bot.texts import discord as words
from model.verdicts import Verdict

CHART: Final = "chart.png"
MAX_ALT_LENGTH: Final = 1024
"""Characters of a media description, by Discord's OpenAPI document."""

MAX_CONTENT_LENGTH: Final = 2000
"""Characters of a message's plain content."""

NO_MENTIONS: Final = discord.AllowedMentions.none()


def card(card: Card, tally: Mapping[str, int], *, chart: bool) -> ui.LayoutView:
    """Return the layout of a card.

    Args:
        card: The card.
        tally: Genre to number of votes.
        chart: Whether the chart is attached; otherwise bars are displayed.
    """
    answer = with_short_names(card.answer)
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_accent(answer))
    box.add_item(_header(answer))
    if chart:
        box.add_item(_picture(texts.alt(answer)))
    else:
        box.add_item(ui.TextDisplay("\n".join(_bars(answer))))
    box.add_item(ui.TextDisplay("\n".join(_text(answer, tally))))
    box.add_item(ui.ActionRow(GenreMenu(card.id)))
    if url := _https(answer.subject.url):
        box.add_item(ui.ActionRow(ui.Button(label=texts.open_in(url), url=url)))
    return _view(box)


def plain(card: Card) -> str:
    """Return a card as the content of an ordinary message."""
    answer = with_short_names(card.answer)
    url = _https(answer.subject.url)
    unlinked = replace(answer, subject=replace(answer.subject, url=None))
    text = escaping.escape(texts.plain_text(unlinked))
    return "\n".join([text, f"<{url}>"] if url else [text])[:MAX_CONTENT_LENGTH]


def sentence(text: str) -> ui.LayoutView:
    """Return the layout of a sentence."""
    return _view(ui.TextDisplay(plain_sentence(text)))


def plain_sentence(text: str) -> str:
    """Return a sentence as the content of an ordinary message."""
    return escaping.escape(one_line(text, escaping.MAX_SENTENCE_LENGTH))[:MAX_CONTENT_LENGTH]


def pointer(text: str) -> ui.LayoutView:
    """Return the layout of a sentence that contains a Discord address."""
    return _view(ui.TextDisplay(text))


def stats(stats: WorkspaceStats, *, chart: bool) -> ui.LayoutView:
    """Return the layout of a server's statistics."""
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay(f"### {words.STATS_TITLE}"))
    if chart:
        box.add_item(_picture(texts.stats_alt(stats)))
    box.add_item(ui.TextDisplay(texts.stats(stats)))
    return _view(box)


def help_text() -> ui.LayoutView:
    """Return the layout of the help, with the reactions that are votes."""
    genres = "\n".join(f"{symbol} {genre}" for genre, symbol in emoji.GENRES.items())
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay(words.HELP_TEXT))
    box.add_item(ui.TextDisplay(f"{words.REACTIONS}\n{emoji.RIGHT} {words.RIGHT}\n{genres}"))
    return _view(box)


def file(png: bytes) -> discord.File:
    """Return a chart as an attachment, which can be sent once."""
    return discord.File(io.BytesIO(png), CHART)


class UploadedChart:
    """A chart that a message has already, to be listed among the attachments of an edit.

    Discord deletes attachments that an edit leaves out, and resolves `attachment://` addresses by
    the names that the edit lists. discord.Attachment can be made from a reply of Discord only.
    """

    def __init__(self, attachment_id: int) -> None:
        self.id = attachment_id

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON that discord.py sends."""
        return {"id": self.id, "filename": CHART}


def uploaded_chart(components: Iterable[discord.Component]) -> UploadedChart | None:
    """Return the chart of a sent card, which Discord names in its components only."""
    for part in components:
        if isinstance(part, discord.Container):
            return uploaded_chart(part.children)
        if isinstance(part, discord.MediaGalleryComponent):
            uploads = (item.media.attachment_id for item in part.items)
            return next((UploadedChart(upload) for upload in uploads if upload), None)
    return None


def _view(item: ui.Item[Any]) -> ui.LayoutView:
    return ui.LayoutView(timeout=None).add_item(item)


def _header(answer: Answer) -> ui.Item[Any]:
    track = answer.subject
    lines = [f"### {escaping.isolate(escaping.escape(texts.title(track)))}"]
    if track.artists:
        lines.append(escaping.isolate(escaping.escape(texts.artists(track))))
    symbol = emoji.GENRES.get(answer.prediction.best, "")
    name = ui.TextDisplay[Any]("\n".join([*lines, f"{symbol} **{texts.verdict(answer)}**"]))
    image = _https(track.image)
    return ui.Section(name, accessory=ui.Thumbnail(image)) if image else name


def _picture(alt: str) -> ui.MediaGallery[Any]:
    item = discord.MediaGalleryItem(f"attachment://{CHART}", description=alt[:MAX_ALT_LENGTH])
    return ui.MediaGallery(item)


def _bars(answer: Answer) -> Iterator[str]:
    for genre, share in displayed_genres(answer).items():
        bar = "█" * max(1, round(share * 20))
        yield f"`{texts.percent(share):>5} {bar}` {genre}"


def _text(answer: Answer, tally: Mapping[str, int]) -> Iterator[str]:
    if why := texts.why(answer):
        yield why
    if votes := texts.vote_tally(tally):
        yield votes
    yield f"-# {texts.small_print(answer)}"


def _accent(answer: Answer) -> discord.Colour:
    palette = PALETTES[Theme.DARK]
    unsure = answer.prediction.verdict is Verdict.UNSURE
    colour = palette.neutral if unsure else palette.accent(answer.prediction.best)
    return discord.Colour.from_str(colour)


def _https(url: str | None) -> str | None:
    return url if url and url.startswith("https://") else None
