"""Layout of cards as Block Kit, and of the private messages about them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot import texts
from bot.domain import emoji
from bot.domain.cards import Answer, Card, offered_genres
from bot.domain.sanitize import with_short_names
from bot.platforms.slack import emoji_names, ids, native_blocks, present
from bot.platforms.slack.native_blocks import ALL, Feature
from bot.platforms.slack.present import Block, context, mrkdwn, option, plain
from bot.texts import slack as words
from bot.texts.bars import BarLine, bar_lines
from bot.texts.verdicts import says_filing
from model.verdicts import Verdict

CHOOSE: Final = "genre"
GENRE: Final = "genre:"
AGREE: Final = "right"
WITHDRAW: Final = "take_back"
DETAILS: Final = "details"
SAVE: Final = "save"
"""Action ids. `GENRE` is the prefix of those of the buttons for one genre each."""

CARD_BLOCK: Final = "card:"
"""Prefix of the block ids that contain a card's id; a private message about a card adds the
timestamp of the card's message."""

THUMBS_BLOCK: Final = "thumbs:"
MORE_BLOCK: Final = "more:"
"""Prefixes of the ids of a card's other blocks with buttons, which must differ."""

TAKE_BACK: Final = "-"
"""Value of the menu option and the button that take the vote back."""

WRONG: Final = "?"
"""Value of the thumb down, which is no vote but asks for one."""

Features = frozenset[Feature]


def card(card: Card, tally: Mapping[str, int], features: Features = ALL) -> list[Block]:
    """Return the layout of a card without its picture, which is a message of its own.

    Args:
        card: The card.
        tally: Genre to number of votes.
        features: Blocks that may be used although not every workspace has them.
    """
    answer = with_short_names(card.answer)
    track = answer.subject
    blocks = [{"type": "header", "text": plain(texts.title(track), present.MAX_HEADER_LENGTH)}]
    if track.artists:
        blocks.append(context(texts.artists(track)))
    verdict: Block = {"type": "section", "text": mrkdwn("\n".join(_verdict(answer)))}
    if cover := present.image(track.image, texts.headline(track)):
        verdict["accessory"] = cover
    blocks.append(verdict)
    if labels := texts.label_fits(answer, ids.PLATFORM):
        blocks.append(context(labels))
    chart = native_blocks.chart(answer) if Feature.CHART in features else None
    if not chart:  # across the card, as a bar and a genre do not fit beside a cover on a phone
        blocks.append({"type": "section", "text": mrkdwn(bars(bar_lines(answer)))})
    if said := texts.vote_tally(tally):
        blocks.append({"type": "section", "text": mrkdwn(f"*{said}*")})
    blocks += _votes(card, features)
    if chart:
        blocks.append(chart)
    if why := texts.why(answer):
        blocks.append({"type": "section", "text": mrkdwn(why)})
    if facts := texts.facts(answer):
        blocks.append(context(facts))
    return [*blocks, _more(card)]


def line(answer: Answer) -> str:
    """Return a card as one line, for notifications, screen readers and search."""
    named = with_short_names(answer)
    figures = ", ".join(f"{one.genre} {one.percent}" for one in bar_lines(named))
    headline = present.isolate(texts.headline(named.subject))
    return present.escape(f"{headline}: {texts.verdict(named)} {figures}.")


def plain_text(answer: Answer) -> str:
    """Return a card as text, for channels that refuse blocks."""
    return present.escape(texts.plain_text(with_short_names(answer), ids.PLATFORM))[
        : present.MAX_TEXT_LENGTH
    ]


def bars(lines: Sequence[BarLine]) -> str:
    """Return bars of genres as markup, a line each; those that are filed are marked."""
    width = max((len(line.percent) for line in lines), default=0)
    return "\n".join(_bar(line, width) for line in lines)


def receipt(text: str, card_id: int, message: str, *, counts: bool) -> list[Block]:
    """Return the layout of the private answer to a vote.

    Args:
        text: What it says.
        card_id: The card.
        message: Timestamp of the message that displays the card.
        counts: Whether a vote counts, which a button takes back.
    """
    blocks = present.sentence(text)
    if counts:
        button = present.button(WITHDRAW, texts.TAKE_VOTE_BACK, TAKE_BACK)
        blocks.append(_about(card_id, message, button))
    return blocks


def question(card_id: int, message: str) -> list[Block]:
    """Return the layout of the private question which genre it is; arguments as of `receipt`."""
    return [*present.sentence(words.WHAT_IS_IT), _about(card_id, message, _menu(emoji.GENRES))]


def _verdict(answer: Answer) -> list[str]:
    # No emoji beside a sentence that does not begin with the predicted genre.
    is_named = answer.prediction.verdict is not Verdict.UNSURE and not says_filing(answer)
    symbol = f":{emoji_names.GENRES[answer.prediction.best]}: " if is_named else ""
    lines = (texts.filed_under(answer), texts.sound_opinion(answer), texts.heard_line(answer))
    return [f"{symbol}*{texts.verdict(answer)}*", *filter(None, lines)]


def _bar(line: BarLine, width: int) -> str:
    figures = f"{line.percent:>{width}} {line.bar}".replace(" ", present.NO_BREAK_SPACE)
    genre = f"*{line.genre}* · {words.FILED}" if line.is_filed else line.genre
    return f":{emoji_names.GENRES[line.genre]}: `{figures}` {genre}"


def _votes(card: Card, features: Features) -> Iterator[Block]:
    """Yield the rows of buttons that are votes; thumbs stand in for the button that agrees."""
    labels = texts.vote_labels(card.answer)
    first, *others = offered_genres(card.answer)
    is_right = card.answer.leading == first
    elements: list[Block] = []
    if is_right and Feature.THUMBS in features:
        block_id = f"{THUMBS_BLOCK}{card.id}"
        yield native_blocks.thumbs(block_id, AGREE, (labels[first], AGREE), (words.WRONG, WRONG))
    elif is_right:
        elements.append(present.button(AGREE, labels[first], AGREE, style="primary"))
    else:
        others.insert(0, first)
    elements += [_genre_button(one) for one in others]
    left = [genre for genre in emoji.GENRES if genre not in labels]
    menu = _menu(left)
    menu["options"].append(option(texts.TAKE_BACK, TAKE_BACK))
    yield {
        "type": "actions",
        "block_id": f"{CARD_BLOCK}{card.id}",
        "elements": [*elements, menu],
    }


def _genre_button(genre: str) -> Block:
    text = f":{emoji_names.GENRES[genre]}: {genre}"
    button = present.button(f"{GENRE}{genre}", genre, genre)
    return {**button, "text": {"type": "plain_text", "text": text, "emoji": True}}


def _menu(genres: Iterable[str]) -> Block:
    return {
        "type": "static_select",
        "action_id": CHOOSE,
        "placeholder": plain(texts.ACTUALLY),
        "options": [option(genre, genre) for genre in genres],
    }


def _more(card: Card) -> Block:
    """Return the last row: small print, picture, page of a music service."""
    elements = [
        present.button(DETAILS, texts.DETAILS, DETAILS),
        present.button(SAVE, texts.SAVE_CARD, SAVE),
    ]
    if (url := card.answer.subject.url) and url.startswith("https://"):
        elements.append(present.open_button(url))
    return {"type": "actions", "block_id": f"{MORE_BLOCK}{card.id}", "elements": elements}


def _about(card_id: int, message: str, element: Block) -> Block:
    block_id = f"{CARD_BLOCK}{card_id}:{message}"
    return {"type": "actions", "block_id": block_id, "elements": [element]}
