import re
from dataclasses import replace
from typing import Any

import discord
import pytest
from discord.components import _component_factory
from discord.http import handle_message_parameters
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain.cards import MAX_BARS, Answer, Card
from bot.domain.filing import FiledUnder
from bot.domain.replies import Choice, Notice, NoticeKind, Summary
from bot.domain.tracks import AudioFeatures, SubjectKind, SubjectRef
from bot.platforms.discord import present
from model.classifier import Prediction
from model.verdicts import Verdict
from tests.stubs.discord.spec import walk
from tests.support import factories, fake_collections

BAR = "\u2588"
CHOICE = Choice("Heroes", SubjectRef(SubjectKind.TRACK, "1"))
TEXT = {"type": 10, "content": "Heroes"}


def gallery(**media: Any) -> dict[str, Any]:
    """Return the gallery with a card's chart, as Discord returns it."""
    url = "https://cdn.discordapp.com/attachments/1/2/chart.png?ex=1"
    return {"type": 12, "items": [{"media": {"url": url, **media}, "description": "A chart"}]}


def received(*parts: dict[str, Any]) -> list[discord.Component]:
    container: Any = {"type": 17, "components": list(parts)}
    component = _component_factory(container)
    assert component
    return [component]


def test_edit_lists_the_uploaded_chart_instead_of_sending_it_again() -> None:
    chart = present.uploaded_chart(received(TEXT, gallery(attachment_id="7001"), TEXT))
    assert chart
    view = present.card(Card(1, factories.answer()), {"jazz": 1}, chart=True)
    edit = handle_message_parameters(view=view, attachments=[chart])  # type: ignore[list-item] # only its to_dict is used
    assert edit.payload
    assert edit.payload["attachments"] == [{"id": 7001, "filename": "chart.png"}]
    assert "attachment://chart.png" in str(edit.payload["components"])
    assert not edit.files


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((TEXT,), id="no picture"),
        pytest.param((TEXT, gallery()), id="a picture from elsewhere"),
    ],
)
def test_card_without_an_uploaded_chart_has_none(parts: tuple[dict[str, Any], ...]) -> None:
    assert present.uploaded_chart(received(*parts)) is None


def parts(view: Any) -> list[dict[str, Any]]:
    """Return what the one container of a layout has, from top to bottom."""
    (container,) = view.to_components()
    assert container["type"] == 17
    found: list[dict[str, Any]] = container["components"]
    return found


def test_face_of_a_card_from_top_to_bottom() -> None:
    subject = factories.track(image="https://i.scdn.co/image/1")
    answer = factories.answer(subject=subject, filed_under=FiledUnder(("country",), "lastfm"))
    cover, bars, tally, buttons, menu, chart, closing, last = parts(
        present.card(Card(1, answer), {"country": 5, "pop": 2}, chart=True)
    )
    head = cover["components"][0]["content"].splitlines()
    assert cover["accessory"]["media"]["url"] == subject.image
    assert head[2:] == [f"🤠 **{texts.verdict(answer)}**", texts.filed_under(answer)]
    assert bars["content"].count("`") == 2 * MAX_BARS
    assert "` **country** · filed" in bars["content"]
    assert tally["content"] == "**5 say country, 2 pop.**"
    assert [one["label"] for one in buttons["components"]] == [*texts.vote_labels(answer).values()]
    assert menu["components"][0]["placeholder"] == texts.ACTUALLY
    assert chart["type"] == 12
    said = f"{texts.why(answer)}\n-# {texts.facts(answer)}"
    assert closing["content"] == texts.unbroken(said)
    assert "136\N{NO-BREAK SPACE}BPM" in closing["content"]
    labels = [one["label"] for one in last["components"]]
    assert labels == [texts.DETAILS, texts.SAVE_CARD, "Open in Spotify"]


@pytest.mark.parametrize("chart", [False, True])
def test_small_print_is_not_on_the_face(*, chart: bool) -> None:
    card = Card(1, factories.answer())
    small_print = texts.small_print(card.answer)
    assert "Model" in small_print
    view: Any = present.card(card, {}, chart=chart)
    assert small_print not in str(view.to_components())
    assert small_print not in present.plain(card)
    assert "Model" not in present.plain(card)


def test_card_of_which_little_is_known_has_no_empty_parts() -> None:
    answer = factories.answer(
        subject=factories.track(artists=(), url=None),
        features=AudioFeatures.from_source({}, "reccobeats"),
        reasons=(),
    )
    head, bars, buttons, menu, last = parts(present.card(Card(1, answer), {}, chart=False))
    assert head["content"].splitlines()[1] == f"🤠 **{texts.verdict(answer)}**"
    assert BAR in bars["content"]
    assert [len(row["components"]) for row in (buttons, menu, last)] == [3, 1, 2]


def test_hidden_replies_are_behind_spoilers_with_all_that_they_have() -> None:
    card, summary = Card(1, factories.answer()), Summary(1, fake_collections.summary())
    notice = Notice(NoticeKind.SEVERAL_MATCHES, "Which one?", (CHOICE,))
    views: tuple[Any, ...] = (
        present.card(card, {}, chart=True, hidden=True),
        present.summary(summary, chart=True, hidden=True),
        present.notice(notice, hidden=True),
    )
    for view in views:
        (container,) = view.to_components()
        assert container["spoiler"] is True
        items = [item for part in walk([container]) for item in part.get("items", [])]
        assert all(item["spoiler"] for item in items)
    for text in (
        present.plain(card, hidden=True),
        present.plain_summary(summary.answer, hidden=True),
        present.plain_notice(notice, hidden=True),
    ):
        assert text.startswith("||")
        assert text.endswith("||")
        assert text.count("||") == 2


@given(st.text(min_size=1, max_size=10_000), st.booleans())
def test_plain_card_of_any_name_stays_within_the_limit_and_its_spoiler(
    name: str,
    hidden: bool,  # noqa: FBT001 - as hypothesis passes it
) -> None:
    subject = factories.track(title=name, artists=(name,))
    text = present.plain(Card(1, factories.answer(subject=subject)), hidden=hidden)
    assert len(text) <= present.MAX_CONTENT_LENGTH
    assert re.findall(r"(?<!\\)\|\|", text) == ["||", "||"] * hidden


@pytest.mark.parametrize("start", ["", "x"])
def test_spoiler_of_a_text_that_is_cut_is_closed(start: str) -> None:
    notice = Notice(NoticeKind.USAGE, start + "\\" * 999)
    text = present.plain_notice(replace(notice, choices=(CHOICE,) * 5), hidden=True)
    assert len(text) <= present.MAX_CONTENT_LENGTH
    assert re.search(r"(?<!\\)(?:\\\\)*\|\|$", text)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            factories.answer(prediction=factories.prediction(verdict=Verdict.UNSURE)), id="unsure"
        ),
        pytest.param(
            factories.answer(filed_under=FiledUnder(("pop",), "lastfm")), id="disagreeing"
        ),
    ],
)
def test_verdict_that_is_not_for_one_genre_has_no_genres_emoji(answer: Answer) -> None:
    head, *_ = parts(present.card(Card(1, answer), {}, chart=False))
    assert head["content"].splitlines()[2] == f"**{texts.unbroken(texts.verdict(answer))}**"


def test_figures_stay_with_their_units_on_each_line() -> None:
    prediction = Prediction({"country": 0.5, "pop": 0.3}, Verdict.EITHER, ())
    head, *_ = parts(
        present.card(Card(1, factories.answer(prediction=prediction)), {}, chart=False)
    )
    assert "(50\N{NO-BREAK SPACE}%)" in head["content"]
    summary: Any = present.summary(Summary(1, fake_collections.summary()), chart=False)
    notice: Any = present.sentence("That file is larger than 25 MB.")
    said = [
        part["content"]
        for view in (summary, notice)
        for part in walk(view.to_components())
        if "content" in part
    ]
    assert "\N{NO-BREAK SPACE}%" in said[0]
    assert not re.search(r"\d (?:%|MB)", "".join(said))
