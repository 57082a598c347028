"""Layout of cards and notices as Components V2, and as plain text where these are refused."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final

import discord
from discord import ui

from bot import texts
from bot.domain import emoji
from bot.domain.cards import MAX_BARS, Answer, Card, Theme, displayed_genres
from bot.domain.collections import CollectionSummary
from bot.domain.replies import Notice, Summary
from bot.domain.sanitize import one_line, with_short_names
from bot.domain.statistics import WorkspaceStats
from bot.platforms.discord import escaping, song_choices
from bot.platforms.discord.genre_menu import GenreMenu
from bot.render.palette import PALETTES
from bot.texts import collections
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
        box.add_item(ui.TextDisplay("\n".join(_bars(displayed_genres(answer)))))
    box.add_item(ui.TextDisplay("\n".join(_text(answer, tally))))
    box.add_item(ui.ActionRow(GenreMenu(card.id)))
    return _view(_with_link(box, answer.subject.url))


def summary(summary: Summary, *, chart: bool) -> ui.LayoutView:
    """Return the layout of a summary of a collection; `chart` as for a card."""
    answer = summary.answer
    colour = discord.Colour.from_str(PALETTES[Theme.DARK].accent(answer.best))
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=colour)
    box.add_item(_with_image("\n".join(_summary_header(answer)), answer.image))
    if chart:
        box.add_item(_picture(collections.alt(answer)))
    else:
        best = dict(islice(answer.genres.items(), MAX_BARS))
        box.add_item(ui.TextDisplay("\n".join(_bars(best))))
    box.add_item(ui.TextDisplay(f"-# {collections.small_print(answer)}"))
    if menu := song_choices.menu(summary):
        box.add_item(ui.ActionRow(menu))
    return _view(_with_link(box, answer.url))


def plain_summary(answer: CollectionSummary) -> str:
    """Return a summary as the content of an ordinary message."""
    text = escaping.escape(collections.short_text(replace(answer, url=None)))
    url = _https(answer.url)
    return "\n".join([text, f"<{url}>"] if url else [text])[:MAX_CONTENT_LENGTH]


def notice(notice: Notice) -> ui.LayoutView:
    """Return the layout of a notice, with a button for each track that it offers."""
    view = sentence(notice.text)
    for button in song_choices.buttons(notice):
        view.add_item(ui.ActionRow(button))  # a row each, as their labels are long
    return view


def plain_notice(notice: Notice) -> str:
    """Return a notice as the content of an ordinary message, with the names that it offers."""
    names = [f"- {plain_sentence(choice.label)}" for choice in notice.choices]
    return "\n".join([plain_sentence(notice.text), *names])[:MAX_CONTENT_LENGTH]


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
    lines.append(f"{symbol} **{texts.verdict(answer)}**")
    said = (texts.filed_under(answer), texts.sound_opinion(answer), texts.heard_line(answer))
    lines += filter(None, said)
    if facts := texts.facts(answer):
        lines.append(f"-# {facts}")
    return _with_image("\n".join(lines), track.image)


def _summary_header(answer: CollectionSummary) -> Iterator[str]:
    yield f"### {escaping.isolate(escaping.escape(collections.name(answer)))}"
    artists = escaping.isolate(escaping.escape(collections.names(answer)))
    kind = collections.kind(answer)
    yield f"{artists}, {kind}" if collections.names(answer) else kind[:1].upper() + kind[1:]
    symbol = emoji.GENRES.get(answer.best, "")
    yield f"{symbol} {escaping.escape(collections.sentence(answer))}"
    if gaps := collections.gaps(answer):
        yield gaps


def _with_image(text: str, address: str | None) -> ui.Item[Any]:
    display, image = ui.TextDisplay[Any](text), _https(address)
    return ui.Section(display, accessory=ui.Thumbnail(image)) if image else display


def _with_link(
    box: "ui.Container[ui.LayoutView]", address: str | None
) -> "ui.Container[ui.LayoutView]":
    if url := _https(address):
        box.add_item(ui.ActionRow(ui.Button(label=texts.open_in(url), url=url)))
    return box


def _picture(alt: str) -> ui.MediaGallery[Any]:
    item = discord.MediaGalleryItem(f"attachment://{CHART}", description=alt[:MAX_ALT_LENGTH])
    return ui.MediaGallery(item)


def _bars(genres: Mapping[str, float]) -> Iterator[str]:
    for genre, share in genres.items():
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
