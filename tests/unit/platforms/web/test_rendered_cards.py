"""Cards, summaries and notices as the server renders them."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.cards import Card
from bot.domain.replies import Choice, Notice, NoticeKind, Summary
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.domain.votes import Ballot, Selection, VoteKind
from bot.platforms.web import present
from bot.platforms.web.pages import Pages
from bot.texts.web_card import CARD
from tests.support.factories import HEROES, OLD_TOWN_ROAD, answer, track
from tests.support.fake_collections import summary

PAGES = Pages()
VOID = {"br", "img", "input", "source"}
PIECES = (
    "<b>",
    "</p>",
    "</article>",
    "<",
    ">",
    '"',
    "'",
    ' x="y',
    "&lt;",
    "{{ 1 }}",
    "%s",
    "\u202e",
)
HOSTILE = st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8"), max_size=9).map("".join)


class Structure(HTMLParser):
    """What a browser would make of markup: its elements with their attributes, and its text.

    Fails on an element that is not closed.
    """

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.values: dict[str, list[str]] = {}
        self.text = ""
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            self.values.setdefault(name, []).append(value or "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def tags(self, tag: str) -> int:
        return sum(one == tag for one, _ in self.elements)


def card(**fields: Any) -> present.Json:
    return present.card(Card(7, answer(**fields)), Ballot(), {})


def rendered(values: present.Json, **more: Any) -> Structure:
    kind = values["type"]
    return Structure(PAGES.render(f"{kind}.html", **{kind: values}, **more))


def replaced(values: Any, text: str) -> Any:
    """Return values in which each text of a song is another one."""
    match values:
        case dict():
            return {
                name: value
                if name in {"type", "genre", "key", "id", "code"}
                else replaced(value, text)
                for name, value in values.items()
            }
        case list():
            return [replaced(value, text) for value in values]
        case str():
            return text if values else values
        case _:
            return values


@settings(max_examples=20)
@example("<b x='y' z=\"")
@given(HOSTILE.filter(bool))
@pytest.mark.parametrize(
    "values",
    [
        card(subject=track(image="https://images.example/1")),
        present.summary(Summary(3, summary())),
        present.notice(
            Notice(
                NoticeKind.SEVERAL_MATCHES,
                "Which one?",
                (Choice("Heroes", SubjectRef(SubjectKind.TRACK, HEROES)),),
            )
        ),
    ],
    ids=["card", "summary", "notice"],
)
def test_no_text_is_markup(values: present.Json, text: str) -> None:
    plain, hostile = rendered(replaced(values, "a")), rendered(replaced(values, text))
    assert hostile.elements == plain.elements


@pytest.mark.parametrize("level", [1, 2])
def test_level_of_the_heading_is_a_parameter(level: int) -> None:
    found = rendered(card(), heading=level)
    assert [found.tags(f"h{one}") for one in (1, 2, 3)] == [level == 1, level == 2, 0]


def test_card_is_complete_without_scripts() -> None:
    values = card(subject=track(url="https://open.spotify.com/track/1"))
    found = rendered(values)
    for part in ("verdict", "why", "facts", "filed_under"):
        assert values[part] in found.text
    for line in values["details"]:
        assert line in found.text
    assert values["chart"]["light"] in found.values["src"]
    assert values["chart"]["dark"] in found.values["srcset"]
    assert values["chart"]["alt"] in found.values["alt"]
    links = {f"{values['save']['address']}.{one}" for one in values["save"]["formats"]}
    song = values["song"]
    links |= {song["address"], song["compare"], song["what_if"], values["track"]["url"]}
    assert set(found.values["href"]) == links
    assert found.values["data-song"] == [OLD_TOWN_ROAD]


def test_vote_is_hidden_and_says_nothing_of_the_visitor() -> None:
    ballot = Ballot((Selection(7, VoteKind.CHOICE, "jazz"),))
    voted = present.card(Card(7, answer()), ballot, {"jazz": 2})
    markup = PAGES.render("card.html", card=voted)
    hidden = [names for tag, names in Structure(markup).elements if tag == "form"]
    assert ["hidden" in names for names in hidden] == [True]
    assert voted["tally"] in markup
    assert voted["ballot"]["said"] not in markup
    assert "checked" not in markup


def test_song_without_an_id_has_no_pages() -> None:
    found = rendered(card(subject=track(None)))
    assert all(address.startswith("/cards/") for address in found.values["href"])
    assert "data-song" not in found.values


def test_songs_of_a_summary_are_links_to_their_pages_and_say_what_asks_for_them() -> None:
    values = present.summary(Summary(3, summary()))
    found = rendered(values)
    assert [song["address"] for song in values["songs"]] == [
        address for address in found.values["href"] if address.startswith("/song/")
    ]
    assert found.values["data-ask"] == [song["text"] for song in values["songs"]]


def test_help_is_a_line_for_each_way_and_songs_to_press() -> None:
    choice = Choice("Heroes", SubjectRef(SubjectKind.TRACK, HEROES))
    found = rendered(present.notice(Notice(NoticeKind.HELP, "One.\nTwo.", (choice,))))
    assert found.tags("li") == 3
    assert found.values["href"] == [f"/song/{HEROES}"]
    assert CARD["try_one"] in found.text
