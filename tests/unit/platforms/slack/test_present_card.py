"""Layout of a card: order, limits, text from outside."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain.cards import Answer, Card
from bot.domain.emoji import GENRES
from bot.domain.filing import FiledUnder
from bot.platforms.slack import present, present_card
from bot.platforms.slack.native_blocks import ALL, Feature
from bot.platforms.slack.present import Block
from bot.texts import slack as words
from model.classifier import Prediction
from model.genres import WIDE
from model.verdicts import Verdict
from tests.stubs.slack import block_kit
from tests.support.factories import answer, sound_answer, track
from tests.support.fake_listener import heard

VARIANTS = [frozenset[Feature](), *(frozenset({one}) for one in Feature), ALL]
COVER = "https://covers.example/1.jpg"


def layout(
    shown: Answer, tally: Mapping[str, int] | None = None, features: frozenset[Feature] = ALL
) -> list[Block]:
    return present_card.card(Card(1, shown), tally or {}, features)


def types(blocks: list[Block]) -> list[str]:
    return [block["type"] for block in blocks]


def test_votes_are_below_the_genres_and_questions_in_the_last_row() -> None:
    full = answer(subject=track(image=COVER), filed_under=FiledUnder(("country",), "lastfm"))
    blocks = layout(full, {"country": 5, "hip-hop": 2}, frozenset())
    assert types(blocks) == [
        "header",
        "context",
        "section",
        "section",
        "section",
        "actions",
        "section",
        "context",
        "actions",
    ]
    assert blocks[2]["accessory"]["image_url"] == COVER
    assert "*country* · filed" in blocks[3]["text"]["text"]
    assert blocks[4]["text"]["text"] == "*5 say country, 2 hip-hop.*"
    last = [element["action_id"] for element in blocks[-1]["elements"]]
    assert last == ["details", "save", "open"]


@pytest.mark.parametrize(
    ("filed", "verdict"),
    [
        (("country",), ":face_with_cowboy_hat: *Sounds like country.*"),
        (("jazz",), "*Filed under jazz, but sounds like country.*"),
    ],
)
def test_verdict_that_begins_with_another_genre_has_no_emoji(
    filed: tuple[str, ...], verdict: str
) -> None:
    blocks = layout(answer(filed_under=FiledUnder(filed, "lastfm")))
    assert blocks[2]["text"]["text"].splitlines()[0] == verdict


def test_figures_stay_on_one_line_with_their_units() -> None:
    leaning = Prediction({"rock": 0.5, "pop": 0.3, "jazz": 0.2}, Verdict.EITHER, ())
    shown = answer(prediction=leaning, heard=heard())
    face = list(block_kit.texts(layout(shown), "mrkdwn"))
    face += list(block_kit.texts(layout(shown), "plain_text"))
    asked = list(block_kit.texts(present.sentence(texts.details(shown)), "plain_text"))
    assert "(50\N{NO-BREAK SPACE}%)" in "\n".join(face)
    assert "136\N{NO-BREAK SPACE}BPM" in "\n".join(face)
    assert "Tempo: 136\N{NO-BREAK SPACE}BPM" in "\n".join(asked)
    for text in (*face, *asked):
        assert text == texts.unbroken(text)


def test_text_for_notifications_and_channels_without_blocks_has_plain_spaces() -> None:
    shown = answer(heard=heard())
    for text in (present_card.line(shown), present_card.plain_text(shown)):
        assert "\N{NO-BREAK SPACE}" not in text
        assert " %" in text


def test_native_chart_is_below_the_votes_and_replaces_the_bars() -> None:
    blocks = layout(answer(filed_under=FiledUnder(("country",), "lastfm")))
    assert types(blocks)[2:6] == ["section", "context_actions", "actions", "data_visualization"]
    assert "█" not in str(blocks)
    assert blocks[5]["chart"]["axis_config"]["categories"][0] == "country (filed)"


@pytest.mark.parametrize("features", VARIANTS, ids=lambda found: "+".join(sorted(found)) or "none")
def test_every_genre_can_be_voted_for_with_one_element(features: frozenset[Feature]) -> None:
    blocks = layout(answer(), features=features)
    values = [one.get("value") for one in block_kit.elements(blocks, "button")]
    values += [
        option["value"]
        for menu in block_kit.elements(blocks, "static_select")
        for option in menu["options"]
    ]
    values += [
        thumbs["positive_button"]["value"]
        for thumbs in block_kit.elements(blocks, "feedback_buttons")
    ]
    votes = [value for value in values if value in {*GENRES, present_card.AGREE}]
    assert sorted(votes) == sorted({*GENRES, present_card.AGREE} - {"country"})


def test_nothing_is_right_about_an_answer_that_is_unsure() -> None:
    blocks = layout(answer(prediction=Prediction({"rock": 0.6, "pop": 0.4}, Verdict.UNSURE, ())))
    assert "context_actions" not in types(blocks)
    labels = [one["text"]["text"] for one in block_kit.elements(blocks, "button")]
    assert labels[:2] == [":guitar: rock", ":microphone: pop"]


def test_card_without_cover_artists_features_and_link_has_no_empty_part() -> None:
    for shown in (sound_answer(), answer(subject=track(artists=(), url=None), reasons=())):
        for features in VARIANTS:
            blocks = layout(shown, features=features)
            assert block_kit.find_error(blocks) is None
            assert list(block_kit.elements(blocks, "image")) == []


@pytest.mark.parametrize("genre", WIDE)
def test_labels_of_every_genre_fit_into_a_chart(genre: str) -> None:
    assert len(words.filed_category(genre)) <= 20
    assert len(words.CHART_TITLE) <= 50
    assert len(words.CHART_SERIES) <= 20


ODD_NAMES = ["x" * 10_000, ":rage:", "<!channel>", "שיר", "*b*", "\u202e"]
NAMES = st.text(max_size=400) | st.sampled_from(ODD_NAMES)
MARK = "zqx"
"""Occurs in no word of the bot's own."""


@given(
    names=st.tuples(NAMES, NAMES),
    shares=st.lists(st.floats(0, 1), min_size=3, max_size=13),
    verdict=st.sampled_from(sorted(Verdict)),
    filed=st.sampled_from([None, *WIDE]),
    features=st.sampled_from(VARIANTS),
)
def test_no_answer_breaks_a_rule_of_slack_and_no_name_is_markup(
    names: tuple[str, str],
    shares: list[float],
    verdict: Verdict,
    filed: str | None,
    features: frozenset[Feature],
) -> None:
    title, artist = (f"{MARK}{name}" for name in names)
    genres = dict(zip(WIDE, sorted(shares, reverse=True), strict=False))
    shown = answer(
        subject=track(title=title, artists=(artist,), image=COVER),
        prediction=Prediction(genres, verdict, ()),
        filed_under=FiledUnder((filed,), "lastfm") if filed else None,
    )
    blocks = layout(shown, {"jazz": 3}, features)
    assert block_kit.find_error(blocks) is None
    assert not any(MARK in text for text in block_kit.texts(blocks, "mrkdwn"))
    assert any(MARK in text for text in block_kit.texts(blocks, "plain_text"))


def test_names_of_emoji_and_mentions_in_a_title_stay_text() -> None:
    shown = answer(subject=track(title=":rage: <!channel>", artists=(":+1:",)))
    line = present_card.line(shown)
    assert ":rage:" not in line
    assert ":+1:" in line  # has no letter, and is no less readable
    assert "<!" not in line
    (header,) = block_kit.elements(layout(shown), "header")
    assert header["text"] == {"type": "plain_text", "text": ":rage: <!channel>", "emoji": False}
