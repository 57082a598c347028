"""Square picture of a card, to be saved and posted.

From top to bottom: the cover beside title and artists, where the song is filed and what it sounds
like, the genres as a strip, traits, and how the room voted. What is missing leaves no gap: the
others move apart.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.domain.cards import Answer, Theme, displayed_genres
from bot.domain.pictures import SHARE_PIXELS
from bot.render import cover_art, lettering
from bot.render.lettering import Style
from bot.render.palette import PALETTES, Palette
from bot.render.scene import Disc, Pill, Polygon, Scene, Shape
from bot.texts import share as words
from model.verdicts import Verdict

MARGIN: Final = 64.0
RIGHT: Final = SHARE_PIXELS - MARGIN
WIDTH: Final = RIGHT - MARGIN
COVER: Final = 392.0
NAMES_LEFT: Final = MARGIN + COVER + 44
CAP_HEIGHT: Final = 0.7
"""Height of capital letters and digits relative to the font size."""

TITLE_SIZES: Final = (68, 60, 54, 48)
ARTIST_SIZE: Final = 38
NAMES_GAP: Final = 12.0
STATEMENT_SIZES: Final = range(96, 47, -4)
TRAIT_SIZE: Final = 36
SMALL_SIZE: Final = 30
FOOT_SIZE: Final = 34
LEADING: Final = 1.2
"""Distance of the baselines of a text's lines, relative to the font size."""

STRIP_HEIGHT: Final = 24.0
STRIP_GAP: Final = 6.0
MIN_SEGMENT: Final = 6.0
MAX_NAMED: Final = 5
"""Genres that have a part of the strip of their own; the filed ones are among them."""

DOT: Final = 7.0
KEY_INDENT: Final = 2 * DOT + 12
"""Distance of a genre's name below the strip from the left edge of its dot."""

KEY_GAP: Final = 36.0
MIN_KEY_GAP: Final = 18.0
"""Distances of the names below the strip; they are nearer to one another if there are many."""

FOOT: Final = SHARE_PIXELS - MARGIN
LOGO: Final = (0.5, 1.0, 0.7, 0.35)
"""Heights of the bars beside the bot's name, relative to its letters."""


Line = tuple[str, Iterable[words.Phrase]]
"""What a line begins with, and its parts."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the picture over its full width.

    Attributes:
        height: Its height in pixels.
        draw: Returns its shapes, given its upper edge.
    """

    height: float
    draw: Callable[[float], Iterable[Shape]]


def compose(
    answer: Answer, tally: Mapping[str, int], theme: Theme, cover: str | None = None
) -> Scene:
    """Return the picture's layout; takes some milliseconds, and 50 ms once for the fonts.

    Args:
        answer: What it shows.
        tally: Genre to number of votes.
        theme: Its colours.
        cover: The cover as `bot.render.cover.read_cover` returns it.
    """
    palette = PALETTES[theme]
    names = _names(answer, palette)
    left = MARGIN if names.height else (SHARE_PIXELS - COVER) / 2
    blocks = (_statement(answer, palette), _strip(answer, palette), _traits(answer, palette))
    foot = _foot(tally, palette)
    shapes = (
        *_cover(answer, cover, left, palette),
        *names.draw(MARGIN + (COVER - names.height) / 2),
        *_spread(blocks, MARGIN + COVER, FOOT - foot.height),
        *foot.draw(FOOT - foot.height),
    )
    return Scene(SHARE_PIXELS, SHARE_PIXELS, palette.background, shapes)


def _cover(answer: Answer, cover: str | None, left: float, palette: Palette) -> Iterator[Shape]:
    if cover:
        return cover_art.photo(cover, (left, MARGIN), COVER, palette)
    return cover_art.record(_accent(answer, palette), (left, MARGIN), COVER)


def _names(answer: Answer, palette: Palette) -> Block:
    """Return title and artists, as far as the fonts have their letters."""
    width = RIGHT - NAMES_LEFT
    title = lettering.drawable(texts.title(answer.subject))
    artists = lettering.drawable(texts.artists(answer.subject))
    styles = [Style(size, palette.ink, bold=True) for size in TITLE_SIZES]
    style = next((s for s in styles if lettering.fits(title, s, width, 2)), styles[-1])
    plain = Style(ARTIST_SIZE, palette.muted)
    lines: list[tuple[float, str, Style]] = []
    y = 0.0
    for text, used in ((title, style), (artists, plain)):
        y += NAMES_GAP if lines and text else 0
        for line in lettering.lines(text, used, width, 2):
            height = used.size * LEADING
            lines.append((y + (height + used.size * CAP_HEIGHT) / 2, line, used))
            y += height

    def draw(top: float) -> Iterator[Shape]:
        for baseline, line, used in lines:
            yield from lettering.draw(line, (NAMES_LEFT, top + baseline), used)

    return Block(y, draw)


def _statement(answer: Answer, palette: Palette) -> Block:
    """Return where the song is filed and what it sounds like, as large as both fit."""
    lines = [(words.SOUNDS, words.sounds(answer))]
    if answer.filed_under:
        lines.insert(0, (words.FILED, words.filed(answer)))
    size = next(
        (size for size in STATEMENT_SIZES if _is_narrow(lines, size, palette)), STATEMENT_SIZES[-1]
    )
    distance = size * LEADING

    def draw(top: float) -> Iterator[Shape]:
        for number, (label, said) in enumerate(lines):
            baseline = top + number * distance + size * CAP_HEIGHT
            left = MARGIN
            for text, style in _phrases(label, said, size, palette):
                yield from lettering.draw(text, (left, baseline), style)
                left += lettering.line_width(text, style)

    return Block((len(lines) - 1) * distance + size * CAP_HEIGHT, draw)


def _phrases(
    label: str, said: Iterable[words.Phrase], size: int, palette: Palette
) -> Iterator[tuple[str, Style]]:
    """Yield the parts of a line with their styles: genres in their colours."""
    yield f"{label} ", Style(size, palette.muted)
    for phrase in said:
        colour = palette.accent(phrase.genre) if phrase.genre else palette.ink
        yield phrase.text, Style(size, colour, bold=True)


def _is_narrow(lines: Iterable[Line], size: int, palette: Palette) -> bool:
    """Return whether all lines fit in this size."""
    widths = (
        sum(lettering.line_width(*part) for part in _phrases(label, said, size, palette))
        for label, said in lines
    )
    return max(widths) <= WIDTH


def _strip(answer: Answer, palette: Palette) -> Block:
    """Return the genres as parts of a strip, with the names of the most probable ones below it."""
    chosen = (displayed_genres(answer, most) for most in range(MAX_NAMED - 1, 0, -1))
    genres = next(few for few in chosen if len(few) <= MAX_NAMED)
    widths = _widths(list(genres.values()))
    label = Style(SMALL_SIZE, palette.ink)
    height = STRIP_HEIGHT + 20 + SMALL_SIZE * CAP_HEIGHT
    colours = (*map(palette.accent, genres), palette.track)

    def draw(top: float) -> Iterator[Shape]:
        left = MARGIN
        for width, colour in zip(widths, colours, strict=False):
            yield _rectangle(left, left + width, top, colour)
            left += width + STRIP_GAP
        yield from _key(top + height)

    def _key(baseline: float) -> Iterator[Shape]:
        said = [f"{genre} {texts.percent(share)}" for genre, share in genres.items()]
        widths = [KEY_INDENT + lettering.line_width(one, label) for one in said]
        spare = WIDTH - sum(widths)
        gap = max(MIN_KEY_GAP, min(KEY_GAP, spare / max(1, len(widths) - 1)))
        left = MARGIN
        for genre, one, width in zip(genres, said, widths, strict=True):
            if left + width > RIGHT + 1:
                return
            centre = (left + DOT, baseline - SMALL_SIZE * CAP_HEIGHT / 2)
            yield Disc(centre, DOT, palette.accent(genre))
            yield from lettering.draw(one, (left + KEY_INDENT, baseline), label)
            left += width + gap

    return Block(height, draw)


def _widths(shares: Sequence[float]) -> list[float]:
    """Return the widths of the strip's parts, and of the others if they make a part.

    Each can be seen, at the expense of the widest.
    """
    rest = 1 - sum(shares)
    parts = [*shares, rest] if rest >= texts.HALF_PERCENT else shares
    space = WIDTH - STRIP_GAP * (len(parts) - 1)
    widths = [max(MIN_SEGMENT, part * space) for part in parts]
    widths[widths.index(max(widths))] += space - sum(widths)
    return widths


def _rectangle(left: float, right: float, top: float, colour: str) -> Shape:
    bottom = top + STRIP_HEIGHT
    return Polygon(((left, top), (right, top), (right, bottom), (left, bottom)), colour)


def _traits(answer: Answer, palette: Palette) -> Block:
    """Return the traits, one on a line."""
    style = Style(TRAIT_SIZE, palette.ink)
    left = MARGIN + 2 * DOT + 18
    lines = [lettering.cut(line, style, RIGHT - left) for line in words.traits(answer)]
    distance = TRAIT_SIZE * 1.5

    def draw(top: float) -> Iterator[Shape]:
        for number, line in enumerate(lines):
            baseline = top + number * distance + TRAIT_SIZE * CAP_HEIGHT
            middle = baseline - TRAIT_SIZE * CAP_HEIGHT / 2
            yield Disc((MARGIN + DOT, middle), DOT, _accent(answer, palette))
            yield from lettering.draw(line, (left, baseline), style)

    return Block((len(lines) - 1) * distance + TRAIT_SIZE * CAP_HEIGHT if lines else 0, draw)


def _foot(tally: Mapping[str, int], palette: Palette) -> Block:
    """Return how people voted, and the bot's name."""
    name = Style(FOOT_SIZE, palette.muted, bold=True)
    room = Style(FOOT_SIZE, palette.ink)
    name_width = lettering.line_width(words.MARK, name)
    votes = lettering.cut(texts.vote_tally(tally), room, WIDTH - name_width - 110)

    def draw(top: float) -> Iterator[Shape]:
        baseline = top + FOOT_SIZE * CAP_HEIGHT
        yield from lettering.draw(votes, (MARGIN, baseline), room)
        yield from lettering.draw(words.MARK, (RIGHT - name_width, baseline), name)
        for number, part in enumerate(LOGO):
            tall = part * FOOT_SIZE * CAP_HEIGHT
            left = RIGHT - name_width - 20 - (len(LOGO) - number) * 12
            yield Pill(left, baseline - tall, 7, tall, palette.plain)

    return Block(FOOT_SIZE * CAP_HEIGHT, draw)


def _spread(blocks: Iterable[Block], top: float, bottom: float) -> Iterator[Shape]:
    """Draw blocks below one another, with equal space before, between and after them."""
    shown = [block for block in blocks if block.height]
    spare = bottom - top - sum(block.height for block in shown)
    gap = spare / (len(shown) + 1)
    y = top + gap
    for block in shown:
        yield from block.draw(y)
        y += block.height + gap


def _accent(answer: Answer, palette: Palette) -> str:
    unsure = answer.prediction.verdict is Verdict.UNSURE
    return palette.neutral if unsure else palette.accent(answer.prediction.best)
