"""Layout of the App Home as Block Kit: statistics, the person's latest songs, settings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.domain.cards import Card
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.replies import Notice
from bot.domain.sanitize import with_short_names
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack import present
from bot.platforms.slack.present import Block, context, mrkdwn, option, plain
from bot.texts import slack as words
from bot.texts.bars import bar
from model.schema import RADAR

BAR_WIDTH: Final = 20
"""Characters of a feature's bar; a page is wider than a card."""


@dataclass(frozen=True, slots=True)
class Home:
    """What a person's page displays.

    Attributes:
        recent: The person's latest cards.
        statistics: The workspace's statistics, or why there are none.
        settings: The workspace's settings.
        may_manage: Whether the person may change them.
    """

    recent: Sequence[Card]
    statistics: WorkspaceStats | Notice
    settings: ChannelSettings
    may_manage: bool


def home(page: Home, chart: str | None = None) -> list[Block]:
    """Return the layout of a page.

    Args:
        page: What it displays.
        chart: Id of the file with the picture of the statistics; rows of text stand in for it.
    """
    blocks: list[Block] = [{"type": "header", "text": plain(words.HOME)}]
    if isinstance(page.statistics, Notice):
        blocks += present.sentence(page.statistics.text)
    else:
        blocks += present.stats(page.statistics)[1:]
        blocks += _chart(page.statistics, chart)
    if page.recent:
        blocks += [{"type": "divider"}, {"type": "header", "text": plain(words.RECENT)}]
        blocks += [_line(card) for card in page.recent]
    blocks += [{"type": "divider"}, {"type": "header", "text": plain(words.SETTINGS)}]
    described = texts.settings(page.settings, everywhere=True)
    blocks.append({"type": "section", "text": mrkdwn(described)})
    blocks.append(_settings(page.settings) if page.may_manage else context(words.ASK_ADMIN))
    return [*blocks, *present.help_text()]


def _chart(statistics: WorkspaceStats, chart: str | None) -> Iterator[Block]:
    if chart:
        alt = texts.stats_alt(statistics)[: present.MAX_ALT_LENGTH]
        yield {"type": "image", "slack_file": {"id": chart}, "alt_text": alt}
    elif rows := "\n".join(_rows(statistics)):  # Slack refuses empty text
        yield {"type": "section", "text": mrkdwn(rows)}


def _rows(statistics: WorkspaceStats) -> Iterator[str]:
    for name in RADAR:
        if name in statistics.features:
            value = statistics.features[name]
            yield f"`{texts.LABELS[name]:<13} {value:.2f} {bar(value, BAR_WIDTH)}`"


def _line(card: Card) -> Block:
    answer = with_short_names(card.answer)
    text = f"{present.isolate(texts.headline(answer.subject))}: {answer.prediction.best}"
    return {"type": "section", "text": plain(text)}


def _settings(settings: ChannelSettings) -> Block:
    modes = {mode.value: words.MODES[mode] for mode in Mode}
    options = [option(text, value) for value, text in modes.items()]
    chosen = next(one for one in options if one["value"] == settings.mode.value)
    return {
        "type": "actions",
        "block_id": "settings",
        "elements": [
            {
                "type": "static_select",
                "action_id": present.MODE,
                "options": options,
                "initial_option": chosen,
            }
        ],
    }
