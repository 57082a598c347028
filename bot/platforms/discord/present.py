"""Layout of cards and notices as Components V2, and as plain text where these are refused."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final

import discord
from discord import ui

from bot import texts
from bot.domain import emoji
from bot.domain.cards import MAX_BARS, Answer, Card, Theme
from bot.domain.collections import CollectionSummary
from bot.domain.replies import Notice, Summary
from bot.domain.sanitize import one_line, with_short_names
from bot.domain.statistics import DisputedSong, WorkspaceStats
from bot.platforms.discord import escaping, face, ids, song_choices
from bot.platforms.discord.card_buttons import DetailsButton, SaveButton
from bot.platforms.discord.genre_menu import GenreMenu
from bot.platforms.discord.vote_buttons import TakeBackButton, vote_buttons
from bot.render.palette import PALETTES
from bot.texts import collections, learned
from bot.texts import discord as words
from bot.texts.bars import share_lines
from model.verdicts import Verdict

CHART: Final = "chart.png"
MAX_ALT_LENGTH: Final = 1024
"""Characters of a media description, by Discord's OpenAPI document."""

MAX_CONTENT_LENGTH: Final = 2000
"""Characters of a message's plain content."""

SPOILER: Final = "||{}||"
"""Markup of text that a reader sees after a press."""

_IN_LINK: Final = re.compile(r"[!-;=?-~]+")
"""Addresses that may stand in a link: printable ASCII without spaces and angle brackets."""

NO_MENTIONS: Final = discord.AllowedMentions.none()


def card(
    card: Card, tally: Mapping[str, int], *, chart: bool, hidden: bool = False
) -> ui.LayoutView:
    """Return the layout of a card.

    Args:
        card: The card.
        tally: Genre to number of votes.
        chart: Whether the chart is attached.
        hidden: Whether it is behind a spoiler.
    """
    answer = with_short_names(card.answer)
    box = _box(_accent(answer), hidden=hidden)
    head = "\n".join([f"### {face.heading(answer)}", *face.under_heading(answer)])
    box.add_item(_with_image(head, answer.subject.image))
    box.add_item(ui.TextDisplay(face.bars(answer)))
    if votes := texts.vote_tally(tally):
        box.add_item(ui.TextDisplay(f"**{votes}**"))
    box.add_item(ui.ActionRow(*vote_buttons(card)))
    box.add_item(ui.ActionRow(GenreMenu(card.id)))
    if chart:
        box.add_item(_picture(texts.alt(answer, ids.PLATFORM), hidden=hidden))
    if closing := face.closing(answer):
        box.add_item(ui.TextDisplay(closing))
    last = ui.ActionRow[Any](DetailsButton(card.id), SaveButton(card.id))
    return _view(box.add_item(_with_link(last, answer.subject.url)))


def summary(summary: Summary, *, chart: bool, hidden: bool = False) -> ui.LayoutView:
    """Return the layout of a summary of a collection; `chart` and `hidden` as for a card."""
    answer = summary.answer
    colour = discord.Colour.from_str(PALETTES[Theme.DARK].accent(answer.best))
    box = _box(colour, hidden=hidden)
    box.add_item(_with_image("\n".join(_summary_header(answer)), answer.image))
    if chart:
        box.add_item(_picture(collections.alt(answer), hidden=hidden))
    else:
        best = dict(islice(answer.genres.items(), MAX_BARS))
        box.add_item(ui.TextDisplay(face.bar_text(share_lines(best, face.BAR_WIDTH))))
    box.add_item(ui.TextDisplay(f"-# {texts.unbroken(collections.small_print(answer))}"))
    if menu := song_choices.menu(summary):
        box.add_item(ui.ActionRow(menu))
    if url := _https(answer.url):
        box.add_item(_with_link(ui.ActionRow(), url))
    return _view(box)


def plain_summary(answer: CollectionSummary, *, hidden: bool = False) -> str:
    """Return a summary as the content of an ordinary message."""
    text = texts.unbroken(escaping.escape(collections.short_text(replace(answer, url=None))))
    return _plain([text], answer.url, hidden=hidden)


def notice(notice: Notice, *, hidden: bool = False) -> ui.LayoutView:
    """Return the layout of a notice, with a button for each track that it offers."""
    items: list[ui.Item[Any]] = [ui.TextDisplay(plain_sentence(notice.text))]
    # A row each, as their labels are long.
    items += [ui.ActionRow(button) for button in song_choices.buttons(notice)]
    view = ui.LayoutView(timeout=None)
    if hidden:
        return view.add_item(ui.Container(*items, spoiler=True))
    for item in items:
        view.add_item(item)
    return view


def plain_notice(notice: Notice, *, hidden: bool = False) -> str:
    """Return a notice as the content of an ordinary message, with the names that it offers."""
    names = [f"- {plain_sentence(choice.label)}" for choice in notice.choices]
    return _plain([plain_sentence(notice.text), *names], hidden=hidden)


def plain(card: Card, *, hidden: bool = False) -> str:
    """Return a card as the content of an ordinary message."""
    answer = with_short_names(card.answer)
    lines = [f"**{face.heading(answer)}**", *face.under_heading(answer), face.bars(answer)]
    return _plain([*lines, face.closing(answer)], answer.subject.url, hidden=hidden)


def receipt(text: str, card_id: int, message_id: str | None, *, stands: bool) -> ui.LayoutView:
    """Return the layout of the receipt of a vote.

    Args:
        text: What it says.
        card_id: The card.
        message_id: The message that displays the card.
        stands: Whether there is a vote that can be taken back.
    """
    view = sentence(text)
    return view.add_item(ui.ActionRow(TakeBackButton(card_id, message_id))) if stands else view


def sentence(text: str) -> ui.LayoutView:
    """Return the layout of a sentence."""
    return _view(ui.TextDisplay(plain_sentence(text)))


def plain_sentence(text: str) -> str:
    """Return a sentence as the content of an ordinary message."""
    said = escaping.escape(one_line(text, escaping.MAX_SENTENCE_LENGTH))
    return texts.unbroken(said)[:MAX_CONTENT_LENGTH]


def pointer(text: str) -> ui.LayoutView:
    """Return the layout of a sentence that contains a Discord address."""
    return _view(ui.TextDisplay(text))


def stats(stats: WorkspaceStats, *, chart: bool) -> ui.LayoutView:
    """Return the layout of a server's statistics."""
    box: ui.Container[ui.LayoutView] = ui.Container()
    box.add_item(ui.TextDisplay(f"### {words.STATS_TITLE}"))
    if chart:
        box.add_item(_picture(texts.stats_alt(stats)))
    box.add_item(ui.TextDisplay(texts.unbroken(texts.stats(stats))))
    if stats.disputed:
        songs = "\n".join(map(_disputed, stats.disputed))
        box.add_item(ui.TextDisplay(f"**{learned.DISPUTED}**\n{songs}"))
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


def _box(colour: discord.Colour, *, hidden: bool) -> ui.Container[ui.LayoutView]:
    return ui.Container(accent_colour=colour, spoiler=hidden)


def _summary_header(answer: CollectionSummary) -> Iterator[str]:
    yield f"### {escaping.isolate(escaping.escape(collections.name(answer)))}"
    artists = escaping.isolate(escaping.escape(collections.names(answer)))
    kind = collections.kind(answer)
    yield f"{artists}, {kind}" if collections.names(answer) else kind[:1].upper() + kind[1:]
    symbol = emoji.GENRES.get(answer.best, "")
    yield f"{symbol} {texts.unbroken(escaping.escape(collections.sentence(answer)))}"
    if gaps := collections.gaps(answer):
        yield texts.unbroken(gaps)


def _disputed(song: DisputedSong) -> str:
    name = escaping.isolate(escaping.escape(learned.disputed_name(song)))
    url = _https(song.track.url)
    if url and _IN_LINK.fullmatch(url):
        name = f"[{name}](<{url}>)"
    return f"- {name}: {learned.disputed_votes(song)}"


def _with_image(text: str, address: str | None) -> ui.Item[Any]:
    display, image = ui.TextDisplay[Any](text), _https(address)
    return ui.Section(display, accessory=ui.Thumbnail(image)) if image else display


def _with_link(row: ui.ActionRow[Any], address: str | None) -> ui.ActionRow[Any]:
    if url := _https(address):
        row.add_item(ui.Button(label=texts.open_in(url), url=url))
    return row


def _picture(alt: str, *, hidden: bool = False) -> ui.MediaGallery[Any]:
    address, shown = f"attachment://{CHART}", alt[:MAX_ALT_LENGTH]
    return ui.MediaGallery(discord.MediaGalleryItem(address, description=shown, spoiler=hidden))


def _plain(lines: Iterable[str], address: str | None = None, *, hidden: bool) -> str:
    """Return lines and an address as the content of an ordinary message."""
    url = _https(address)
    text = "\n".join(filter(None, [*lines, f"<{url}>" if url else ""]))
    if hidden:
        # A backslash at the end would belong to the markup.
        return SPOILER.format(text[: MAX_CONTENT_LENGTH - len(SPOILER.format(""))].rstrip("\\"))
    return text[:MAX_CONTENT_LENGTH]


def _accent(answer: Answer) -> discord.Colour:
    palette = PALETTES[Theme.DARK]
    unsure = answer.prediction.verdict is Verdict.UNSURE
    colour = palette.neutral if unsure else palette.accent(answer.prediction.best)
    return discord.Colour.from_str(colour)


def _https(url: str | None) -> str | None:
    return url if url and url.startswith("https://") else None
