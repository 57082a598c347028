"""Foreign words on Discord: whatever a title holds, it is shown as it is, on one line."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.cards import Card
from bot.domain.sanitize import MAX_NAME_LENGTH, one_line
from bot.domain.tracks import Track
from bot.platforms.discord import escaping, present
from bot.platforms.discord.escaping import MAX_CHOICE_LENGTH, ZERO_WIDTH_SPACE
from tests.stubs.discord.spec import walk
from tests.support.factories import answer, track

# Built of what means something to Discord, besides anything at all.
PIECES = [
    "@everyone", "<@1>", "<#1>", "<:a:1>", "[x](http://e)", "](", "||", "```", "*", "_", "~~", "\\",
    "# ", "> ", ">>> ", "-# ", "- ", "\n", "\r\n", "https://e.org/_a_", "<", "\u202e", "\u2067",
    "\u2069", "\u200b", "\x00", "\x1b[1m", "🎸", "עברית", " ", "a",
]  # fmt: skip
TITLES = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))
HOSTILE = "[**x**](y) https://e/*b* @everyone <@1> ||a|| ```b``` \u202ec"
STEERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
AWAKE = re.compile(
    r"@(?!\u200b)|<(?!\u200b)|://|(?:^|[^\\])(?:\\\\)*[*_~`|\[\]]|^\s*[-+#>]", re.MULTILINE
)
"""What Discord would act upon: a sign of markup that no backslash stands before, and so on."""


@given(TITLES)
@example(HOSTILE)
def test_a_title_is_one_line_that_turns_no_other_text(title: str) -> None:
    line = one_line(title)
    assert len(line.splitlines()) <= 1
    assert len(line) <= MAX_NAME_LENGTH
    assert line == line.strip()
    assert not {unicodedata.bidirectional(character) for character in line} & STEERING
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in line)


@given(TITLES)
@example(HOSTILE)
def test_no_title_renders_a_mention_a_link_or_markup(title: str) -> None:
    assert AWAKE.search(escaping.escape(title)) is None


@given(TITLES)
@example(HOSTILE)
def test_a_title_is_shown_as_it_is(title: str) -> None:
    shown = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escaping.escape(title)).replace(
        ZERO_WIDTH_SPACE, ""
    )
    assert shown == title.replace(ZERO_WIDTH_SPACE, "")


@given(TITLES, st.lists(TITLES).map(tuple))
def test_a_line_to_choose_from_is_never_empty_nor_too_long(
    title: str, artists: tuple[str, ...]
) -> None:
    name = escaping.choice_name(track(title=title, artists=artists))
    assert 1 <= len(name) <= MAX_CHOICE_LENGTH
    assert name == name.strip()


@pytest.mark.parametrize(
    "found",
    [
        track(title=HOSTILE * 100, artists=(HOSTILE * 100,) * 50),
        track(title="🎸" * 4000),
        track(title="*" * 4000, artists=("_" * 4000,)),
        track(title="", artists=()),
        track(None, url=None),
    ],
    ids=["hostile", "emoji", "markup", "nameless", "without an id"],
)
def test_any_card_keeps_within_discords_limits(found: Track) -> None:
    card = Card(1, answer(subject=found))
    tally = dict.fromkeys(answer().prediction.genres, 10_000)
    for chart in (True, False):
        view: Any = present.card(card, tally, chart=chart)
        parts = list(walk(view.to_components()))
        assert len(parts) <= 40
        assert sum(len(part.get("content", "")) for part in parts) <= 4000
        descriptions = [item["description"] for part in parts for item in part.get("items", [])]
        assert all(len(description) <= 1024 for description in descriptions)
    assert len(present.plain(card)) <= 2000


def test_the_plain_card_holds_a_link_that_works() -> None:
    card = Card(1, answer(subject=track(title="https://e.org/x")))
    assert re.findall(r"https?://\S+", present.plain(card)) == [f"{answer().subject.url}>"]
