"""Escaping: any title is displayed literally, on one line."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.cards import Card
from bot.domain.collections import CollectionTrack
from bot.domain.music_services import MusicService
from bot.domain.replies import Choice, Notice, NoticeKind, Summary
from bot.domain.sanitize import MAX_NAME_LENGTH, one_line
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.platforms.discord import escaping, present
from bot.platforms.discord.escaping import MAX_CHOICE_LENGTH, ZERO_WIDTH_SPACE
from tests.stubs.discord.spec import walk
from tests.support.factories import answer, track
from tests.support.fake_collections import song, summary

# Titles are built of arbitrary text and of these strings with a meaning in Discord.
PIECES = [
    "@everyone", "<@1>", "<#1>", "<:a:1>", "[x](http://e)", "](", "||", "```", "*", "_", "~~", "\\",
    "# ", "> ", ">>> ", "-# ", "- ", "\n", "\r\n", "https://e.org/_a_", "<", "\u202e", "\u2067",
    "\u2069", "\u200b", "\x00", "\x1b[1m", "🎸", "עברית", " ", "a",
]  # fmt: skip
TITLES = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))
HOSTILE = "[**x**](y) https://e/*b* @everyone <@1> ||a|| ```b``` \u202ec"
DIRECTION_MARKS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
ACTIVE = re.compile(
    r"@(?!\u200b)|<(?!\u200b)|://|(?:^|[^\\])(?:\\\\)*[*_~`|\[\]]|^\s*[-+#>]", re.MULTILINE
)
"""Text that Discord would interpret: mentions, links, unescaped markup."""


@given(TITLES)
@example(HOSTILE)
def test_one_line_has_no_line_breaks_or_direction_marks(title: str) -> None:
    line = one_line(title)
    assert len(line.splitlines()) <= 1
    assert len(line) <= MAX_NAME_LENGTH
    assert line == line.strip()
    assert not {unicodedata.bidirectional(character) for character in line} & DIRECTION_MARKS
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in line)


@given(TITLES)
@example(HOSTILE)
def test_escaped_title_has_no_mention_link_or_markup(title: str) -> None:
    assert ACTIVE.search(escaping.escape(title)) is None


@given(TITLES)
@example(HOSTILE)
def test_escaped_title_is_displayed_unchanged(title: str) -> None:
    displayed = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escaping.escape(title)).replace(
        ZERO_WIDTH_SPACE, ""
    )
    assert displayed == title.replace(ZERO_WIDTH_SPACE, "")


@given(TITLES, st.lists(TITLES).map(tuple))
def test_choice_name_is_neither_empty_nor_too_long(title: str, artists: tuple[str, ...]) -> None:
    name = escaping.choice_name(track(title=title, artists=artists))
    assert 1 <= len(name) <= MAX_CHOICE_LENGTH
    assert name == name.strip()


@pytest.mark.parametrize(
    "subject",
    [
        track(title=HOSTILE * 100, artists=(HOSTILE * 100,) * 50),
        track(title="🎸" * 4000),
        track(title="*" * 4000, artists=("_" * 4000,)),
        track(title="", artists=()),
        track(None, url=None),
    ],
    ids=["hostile", "emoji", "markup", "no title", "no id"],
)
def test_card_is_within_discords_limits(subject: Track) -> None:
    card = Card(1, answer(subject=subject))
    tally = dict.fromkeys(answer().prediction.genres, 10_000)
    for chart in (True, False):
        view: Any = present.card(card, tally, chart=chart)
        components = list(walk(view.to_components()))
        assert len(components) <= 40
        assert sum(len(part.get("content", "")) for part in components) <= 4000
        descriptions = [
            item["description"] for part in components for item in part.get("items", [])
        ]
        assert all(len(description) <= 1024 for description in descriptions)
    assert len(present.plain(card)) <= 2000


@pytest.mark.parametrize("name", [HOSTILE * 100, "🎸" * 4000, "*" * 4000, "", "\u202e\u200b"])
@pytest.mark.parametrize("count", [1, 100])
def test_summary_is_within_discords_limits_and_displayed_literally(name: str, count: int) -> None:
    tracks = tuple(
        CollectionTrack(number, song(number, artists=(name,)), "hip-hop", 0.62)
        for number in range(1, count + 1)
    )
    found = summary(
        tracks=tracks, title=name, artists=(name,) * 50, unmeasured=10**6, unasked=1, read=10**7
    )
    for chart in (True, False):
        view: Any = present.summary(Summary(1, found), chart=chart)
        components = list(walk(view.to_components()))
        assert len(components) <= 40
        assert sum(len(part.get("content", "")) for part in components) <= 4000
        header = next(part for part in components if part["type"] == 10)["content"]
        title = header.splitlines()[0].removeprefix("### \u2068").removesuffix("\u2069")
        assert ACTIVE.search(title) is None
    text = present.plain_summary(found)
    assert len(text) <= 2000
    assert re.findall(r"https?://\S+", text) == [f"{found.url}>"]


def test_plain_notice_lists_the_songs_literally() -> None:
    ref = SubjectRef(SubjectKind.TRACK, "1", MusicService.DEEZER)
    notice = Notice(NoticeKind.SEVERAL_MATCHES, HOSTILE, (Choice(f"- {HOSTILE}", ref),) * 5)
    lines = present.plain_notice(notice).splitlines()
    assert len(lines) == 6
    assert all(ACTIVE.search(line.removeprefix("- ")) is None for line in lines)


def test_plain_card_has_a_working_link() -> None:
    card = Card(1, answer(subject=track(title="https://e.org/x")))
    assert re.findall(r"https?://\S+", present.plain(card)) == [f"{answer().subject.url}>"]
