"""Layout of cards and notices as Block Kit. Text from outside is used in plain_text only."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot import texts
from bot.domain import emoji
from bot.domain.cards import Answer, Card, displayed_genres
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.replies import MAX_CHOICES, Notice
from bot.domain.sanitize import one_line, with_short_names
from bot.domain.statistics import WorkspaceStats
from bot.domain.text import shorten
from bot.platforms.slack import emoji_names
from bot.texts import slack as words
from model.schema import RADAR

MAX_HEADER_LENGTH: Final = 150
"""Characters of a header block, by Slack's documentation."""

MAX_TEXT_LENGTH: Final = 3000
"""Characters of a section's text, by Slack's documentation."""

MAX_LABEL_LENGTH: Final = 75
"""Characters on a button or of an option, by Slack's documentation."""

CHOOSE: Final = "genre"
AGREE: Final = "right"
OPEN: Final = "open"
MODE: Final = "mode"
ANSWER_WAITING: Final = "answer_waiting"
PICK: Final = "pick"
"""First letters of the action ids of buttons and menus that ask for a song's card."""

CARD_BLOCK: Final = "card:"
"""Prefix of the block id that contains a card's id."""

TAKE_BACK: Final = "-"
"""Value of the menu option that takes the vote back."""

Block = dict[str, Any]


def card(card: Card, tally: Mapping[str, int]) -> list[Block]:
    """Return the layout of a card without its chart, which is a message of its own.

    Args:
        card: The card.
        tally: Genre to number of votes.
    """
    answer = with_short_names(card.answer)
    track = answer.subject
    head: list[Block] = [{"type": "header", "text": plain(texts.title(track), MAX_HEADER_LENGTH)}]
    if track.artists:
        head.append({"type": "context", "elements": [plain(texts.artists(track))]})
    verdict: Block = {"type": "section", "text": mrkdwn("\n".join(_verdict(answer)))}
    if track.image and track.image.startswith("https://"):
        cover = one_line(texts.headline(track))
        verdict["accessory"] = {"type": "image", "image_url": track.image, "alt_text": cover}
    small = [mrkdwn(line) for line in (texts.vote_tally(tally), texts.small_print(answer)) if line]
    return [
        *head,
        verdict,
        *([_context(heard)] if (heard := texts.heard_line(answer)) else []),
        *([_context(facts)] if (facts := texts.facts(answer)) else []),
        *([{"type": "section", "text": mrkdwn(why)}] if (why := texts.why(answer)) else []),
        {"type": "context", "elements": small},
        _actions(card),
    ]


def summary(answer: Answer) -> str:
    """Return a card as one line, for notifications and clients without blocks."""
    named = with_short_names(answer)
    return escape(f"{texts.headline(named.subject)}: {texts.verdict(named)}")


def plain_text(answer: Answer) -> str:
    """Return a card as text, for channels that refuse blocks."""
    return escape(texts.plain_text(with_short_names(answer)))[:MAX_TEXT_LENGTH]


def sentence(text: str) -> list[Block]:
    """Return the layout of a sentence, displayed literally."""
    return [{"type": "section", "text": plain(text)}]


def notice(notice: Notice) -> list[Block]:
    """Return the layout of a sentence with a button for each song that it offers."""
    blocks = sentence(notice.text)
    buttons = [
        {
            "type": "button",
            "action_id": f"{PICK}:{number}",
            "text": label(choice.label),
            "value": str(choice.ref),
        }
        for number, choice in enumerate(notice.choices[:MAX_CHOICES])
    ]
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    return blocks


def waiting(count: int) -> list[Block]:
    """Return the layout that says how many messages wait, with the button that answers them."""
    blocks = sentence(texts.waiting(count))
    if count:
        button = {
            "type": "button",
            "action_id": ANSWER_WAITING,
            "text": plain(texts.ANSWER_WAITING),
            "style": "primary",
        }
        blocks.append({"type": "actions", "elements": [button]})
    return blocks


def pointer(text: str) -> list[Block]:
    """Return the layout of a sentence that contains a Slack address, displayed as a link."""
    return [{"type": "section", "text": {"type": "mrkdwn", "text": escape(text)}}]


def stats(text: str) -> list[Block]:
    """Return the layout of a workspace's statistics."""
    return [
        {"type": "header", "text": plain(words.STATS_TITLE)},
        {"type": "section", "text": mrkdwn(text)},
    ]


def help_text() -> list[Block]:
    """Return the layout of the help, with the reactions that are votes."""
    genres = " ".join(f":{name}: {genre}" for genre, name in emoji_names.GENRES.items())
    reactions = f"{words.REACTIONS} :{emoji_names.RIGHT}: {words.RIGHT} {genres}"
    return [
        {"type": "section", "text": mrkdwn(words.HELP_TEXT)},
        {"type": "context", "elements": [mrkdwn(reactions)]},
    ]


def home(
    recent: list[Card],
    statistics: WorkspaceStats | None,
    settings: ChannelSettings,
    *,
    may_manage: bool,
) -> list[Block]:
    """Return the layout of the App Home: statistics, latest tracks, settings.

    Args:
        recent: The person's latest cards.
        statistics: The workspace's statistics, if there are any.
        settings: The workspace's settings.
        may_manage: Whether the person may change them.
    """
    blocks: list[Block] = [{"type": "header", "text": plain(words.HOME)}]
    if statistics is None:
        blocks += sentence(texts.NO_STATS)
    else:
        blocks += stats(texts.stats(statistics))[1:]
        if rows := "\n".join(_radar(statistics)):  # Slack refuses empty text
            blocks.append({"type": "section", "text": mrkdwn(rows)})
    if recent:
        blocks += [{"type": "divider"}, {"type": "header", "text": plain(words.RECENT)}]
        blocks += [_line(card) for card in recent]
    blocks += [{"type": "divider"}, {"type": "header", "text": plain(words.SETTINGS)}]
    blocks.append({"type": "section", "text": mrkdwn(texts.settings(settings, everywhere=True))})
    blocks.append(_settings(settings) if may_manage else _context(words.ASK_ADMIN))
    return [*blocks, *help_text()]


def plain(text: str, most: int = MAX_TEXT_LENGTH) -> Block:
    """Return text that Slack displays literally: no markup, mentions or emoji names."""
    return {"type": "plain_text", "text": text[:most] or " ", "emoji": False}


def label(text: str) -> Block:
    """Return the text of a button or an option, cut to the length that Slack allows."""
    return plain(shorten(one_line(text), MAX_LABEL_LENGTH))


def open_button(url: str) -> Block:
    """Return the button that opens a page of a music service."""
    text = plain(texts.open_in(url))
    return {"type": "button", "action_id": OPEN, "text": text, "url": url}


def mrkdwn(text: str) -> Block:
    """Return text of ours with markup; it must not contain text from outside."""
    return {"type": "mrkdwn", "text": escape(text)[:MAX_TEXT_LENGTH], "verbatim": True}


def bar(share: float) -> str:
    """Return a bar for a value from 0 to 1."""
    return "█" * max(1, round(share * 20))


def escape(text: str) -> str:
    """Escape the characters that start mentions and links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _verdict(answer: Answer) -> Iterator[str]:
    yield f"*{texts.verdict(answer)}*"
    yield from filter(None, (texts.filed_under(answer), texts.sound_opinion(answer)))
    for genre, share in displayed_genres(answer).items():
        yield f":{emoji_names.GENRES[genre]}: `{texts.percent(share):>5} {bar(share)}` {genre}"


def _actions(card: Card) -> Block:
    options = [_option(genre, genre) for genre in emoji.GENRES]
    elements: list[Block] = [
        {
            "type": "static_select",
            "action_id": CHOOSE,
            "placeholder": plain(texts.ACTUALLY),
            "options": [*options, _option(texts.TAKE_BACK, TAKE_BACK)],
        },
        {
            "type": "button",
            "action_id": AGREE,
            "text": plain(words.AGREE),
            "value": AGREE,
        },
    ]
    if (url := card.answer.subject.url) and url.startswith("https://"):
        elements.append(open_button(url))
    return {"type": "actions", "block_id": f"{CARD_BLOCK}{card.id}", "elements": elements}


def _option(text: str, value: str) -> Block:
    return {"text": plain(text), "value": value}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text)]}


def _line(card: Card) -> Block:
    answer = with_short_names(card.answer)
    text = f"{texts.headline(answer.subject)}: {answer.prediction.best}"
    return {"type": "section", "text": plain(text)}


def _radar(statistics: WorkspaceStats) -> Iterator[str]:
    for name in RADAR:
        if name in statistics.features:
            value = statistics.features[name]
            yield f"`{texts.LABELS[name]:<13} {value:.2f} {bar(value)}`"


def _settings(settings: ChannelSettings) -> Block:
    modes = {mode.value: words.MODES[mode] for mode in Mode}
    options = [_option(text, value) for value, text in modes.items()]
    chosen = next(option for option in options if option["value"] == settings.mode.value)
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
