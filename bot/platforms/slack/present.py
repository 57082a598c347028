"""Values of the core as Slack's Block Kit. Foreign words stand in plain text alone."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot import texts
from bot.domain import emoji
from bot.domain.cards import Answer, Card
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.sanitize import one_line, short
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack import emoji_names
from bot.texts import slack as words
from model.schema import RADAR

BARS: Final = 5
LONGEST_HEADER: Final = 150
"""Characters of a header block, by Slack's documentation."""

LONGEST_TEXT: Final = 3000
"""Characters of a section's text, by Slack's documentation."""

CHOOSE: Final = "genre"
AGREE: Final = "right"
OPEN: Final = "open"
MODE: Final = "mode"
BACK: Final = "-"
"""What the menu sends for "take my choice back"."""

Block = dict[str, Any]


def card(shown: Card, tally: Mapping[str, int]) -> list[Block]:
    """Lay a card out; the chart is a message of its own beside it."""
    answer = short(shown.answer)
    track = answer.track
    head: list[Block] = [{"type": "header", "text": plain(texts.title(track), LONGEST_HEADER)}]
    if track.artists:
        head.append({"type": "context", "elements": [plain(texts.artists(track))]})
    verdict: Block = {"type": "section", "text": mrkdwn("\n".join(_verdict(answer)))}
    if track.image and track.image.startswith("https://"):
        cover = one_line(texts.headline(track))
        verdict["accessory"] = {"type": "image", "image_url": track.image, "alt_text": cover}
    small = [mrkdwn(line) for line in (texts.heard(tally), texts.small_print(answer)) if line]
    return [
        *head,
        verdict,
        *([{"type": "section", "text": mrkdwn(why)}] if (why := texts.why(answer)) else []),
        {"type": "context", "elements": small},
        _actions(shown),
    ]


def summary(answer: Answer) -> str:
    """Write a card in one line, for notifications and for whoever sees no blocks."""
    named = short(answer)
    return escaped(f"{texts.headline(named.track)}: {texts.verdict(named)}")


def words_only(answer: Answer) -> str:
    """Write a card as text, for where blocks are refused."""
    return escaped(texts.plain(short(answer)))[:LONGEST_TEXT]


def sentence(text: str) -> list[Block]:
    """Lay a sentence out; what stands in it is shown as it is."""
    return [{"type": "section", "text": plain(text)}]


def pointer(text: str) -> list[Block]:
    """Lay out a sentence of ours with an address in it, which Slack makes a link."""
    return [{"type": "section", "text": {"type": "mrkdwn", "text": escaped(text)}}]


def stats(text: str) -> list[Block]:
    """Lay a workspace's figures out."""
    return [
        {"type": "header", "text": plain(words.STATS_TITLE)},
        {"type": "section", "text": mrkdwn(text)},
    ]


def help_text() -> list[Block]:
    """Lay the help out, with the reactions that are votes."""
    rows = "\n".join(f":{name}:  {genre}" for genre, name in emoji_names.GENRES.items())
    return [
        {"type": "section", "text": mrkdwn(words.HOW_TO)},
        {
            "type": "section",
            "text": mrkdwn(f"{words.REACTIONS}\n:{emoji_names.RIGHT}:  {words.RIGHT}\n{rows}"),
        },
    ]


def home(
    lately: list[Card], found: WorkspaceStats | None, held: ChannelSettings, *, manages: bool
) -> list[Block]:
    """Lay the App Home out: the workspace's figures, the latest tracks, the settings."""
    blocks: list[Block] = [{"type": "header", "text": plain(words.HOME)}]
    if found is None:
        blocks += sentence(texts.NO_STATS)
    else:
        blocks += stats(texts.stats(found))[1:]
        blocks.append({"type": "section", "text": mrkdwn("\n".join(_radar(found)))})
    if lately:
        blocks += [{"type": "divider"}, {"type": "header", "text": plain(words.LATELY)}]
        blocks += [_line(shown) for shown in lately]
    blocks += [{"type": "divider"}, {"type": "header", "text": plain(words.SETTINGS)}]
    blocks.append({"type": "section", "text": mrkdwn(texts.settings(held, everywhere=True))})
    blocks.append(_settings(held) if manages else _context(words.ASK_ADMIN))
    return [*blocks, *help_text()]


def plain(text: str, most: int = LONGEST_TEXT) -> Block:
    """Return text that Slack shows as it is: no markup, no mention, no emoji by name."""
    return {"type": "plain_text", "text": text[:most] or " ", "emoji": False}


def mrkdwn(text: str) -> Block:
    """Return our own words with markup; foreign ones have no place in it."""
    return {"type": "mrkdwn", "text": escaped(text)[:LONGEST_TEXT], "verbatim": True}


def escaped(text: str) -> str:
    """Escape what could begin a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _verdict(answer: Answer) -> Iterator[str]:
    yield f"*{texts.verdict(answer)}*"
    for genre, share in list(answer.prediction.genres.items())[:BARS]:
        bar = "█" * max(1, round(share * 20))
        yield f":{emoji_names.GENRES[genre]}: `{texts.percent(share):>5} {bar}` {genre}"


def _actions(shown: Card) -> Block:
    options = [_option(genre, genre) for genre in emoji.GENRES]
    elements: list[Block] = [
        {
            "type": "static_select",
            "action_id": CHOOSE,
            "placeholder": plain(texts.ACTUALLY),
            "options": [*options, _option(texts.TAKE_BACK, BACK)],
        },
        {
            "type": "button",
            "action_id": AGREE,
            "text": plain(words.AGREE),
            "value": AGREE,
        },
    ]
    if (url := shown.answer.track.url) and url.startswith("https://"):
        elements.append(
            {"type": "button", "action_id": OPEN, "text": plain(texts.OPEN), "url": url}
        )
    return {"type": "actions", "block_id": f"card:{shown.id}", "elements": elements}


def _option(text: str, value: str) -> Block:
    return {"text": plain(text), "value": value}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text)]}


def _line(shown: Card) -> Block:
    answer = short(shown.answer)
    text = f"{texts.headline(answer.track)}: {answer.prediction.best}"
    return {"type": "section", "text": plain(text)}


def _radar(found: WorkspaceStats) -> Iterator[str]:
    for name in RADAR:
        if name in found.features:
            value = found.features[name]
            bar = "█" * max(1, round(value * 20))
            yield f"`{texts.LABELS[name]:<13} {value:.2f} {bar}`"


def _settings(held: ChannelSettings) -> Block:
    modes = {mode.value: words.MODES[mode] for mode in Mode}
    options = [_option(text, value) for value, text in modes.items()]
    chosen = next(option for option in options if option["value"] == held.mode.value)
    return {
        "type": "actions",
        "block_id": "settings",
        "elements": [
            {
                "type": "static_select",
                "action_id": MODE,
                "options": options,
                "initial_option": chosen,
            }
        ],
    }
