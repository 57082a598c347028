"""Content of cards, and their reduced forms where something cannot be sent."""

from dataclasses import replace

import pytest

from bot import texts
from bot.domain.emoji import GENRES
from bot.domain.filing import FiledUnder
from model.schema import CORE
from tests.platforms.discord.chat import (
    BUTTON,
    CONTAINER,
    OTHER_LINK,
    PICTURE,
    SELECT,
    Chat,
    components_of,
    reactions_of,
    text_of,
)
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, prediction, track
from tests.support.fake_app import LINK
from tests.support.fakes import FakeClassifier

THUMBNAIL = 11
HOSTILE_TITLE = "@everyone <@1> [x](http://e.org) ||s|| ```c``` \u202ebackwards\n# big"


async def test_card_is_one_container_with_the_answer(chat: Chat) -> None:
    card = await chat.card(LINK)
    assert card.flags.components_v2
    assert card.content == ""
    assert len(components_of(card, CONTAINER)) == 1
    text = text_of(card)
    for expected in ("Old Town Road - Remix", "Lil Nas X", "Sounds like country.", "Why country: "):
        assert expected in text
    assert "Model: fake 0." not in text


async def test_chart_is_attached_with_a_description(
    chat: Chat,
) -> None:
    card = await chat.card(LINK)
    (picture,) = components_of(card, PICTURE)
    (attachment,) = card.attachments
    assert picture["items"][0]["media"]["url"] == attachment.url
    assert picture["items"][0]["description"] == texts.alt(chat.app.predictions.cards[1].answer)
    assert await attachment.read() == b"Old Town Road - Remix dark"


async def test_card_says_where_the_song_is_filed_in_its_verdict_and_ends_with_its_facts(
    chat: Chat,
) -> None:
    chat.app.filing.known = {OLD_TOWN_ROAD: FiledUnder(("hip-hop",), "musicbrainz")}
    lines = text_of(await chat.card(LINK)).strip().splitlines()
    assert lines[2:4] == [
        "**Filed under hip-hop, but sounds like country.**",
        "`64\xa0%\xa0███▉\xa0\xa0` country",
    ]
    assert lines[-1] == "-# 136\xa0BPM · F♯ major (2B) · 2:37"


async def test_card_has_a_bar_for_the_filed_genre_however_small(chat: Chat) -> None:
    chat.app.renderer.broken = True
    bars = text_of(await chat.card(LINK))
    assert " reggae" not in bars
    chat.app.filing.known = {HEROES: FiledUnder(("reggae",), "musicbrainz")}
    assert "` **reggae** · filed" in text_of(await chat.card(OTHER_LINK))


async def test_card_has_no_empty_lines_for_what_is_unknown(chat: Chat) -> None:
    core = {name: VALUES[name] for name in CORE if name != "tempo"}
    chat.app.features.known = {OLD_TOWN_ROAD: core}
    lines = text_of(await chat.card(LINK)).strip().splitlines()
    assert "Filed" not in "".join(lines)
    assert [line for line in lines if line.strip() in {"", "-#"}] == []


async def test_menu_has_all_genres_and_take_back(chat: Chat) -> None:
    (menu,) = components_of(await chat.card(LINK), SELECT)
    labels = [option["label"] for option in menu["options"]]
    assert labels == [*GENRES, texts.TAKE_BACK]
    assert menu["custom_id"] == "genre:1"


async def test_card_links_to_the_track(chat: Chat) -> None:
    buttons = components_of(await chat.card(LINK), BUTTON)
    assert [button["url"] for button in buttons if "url" in button] == [LINK]


async def test_cover_is_displayed(chat: Chat) -> None:
    image = "https://i.scdn.co/image/1"
    chat.app.lookup.tracks = [track(image=image)]
    (thumbnail,) = components_of(await chat.card(LINK), THUMBNAIL)
    assert thumbnail["media"]["url"] == image


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://plain.example"])
async def test_a_cover_without_https_address_is_left_out(chat: Chat, url: str) -> None:
    chat.app.lookup.tracks = [track(image=url)]
    assert components_of(await chat.card(LINK), THUMBNAIL) == []


async def test_card_offers_right_and_the_three_best_genres(chat: Chat) -> None:
    card = await chat.card(LINK)
    best = list(chat.app.predictions.cards[1].answer.prediction.genres)[:3]
    assert reactions_of(card) == ["✅", *(GENRES[genre] for genre in best)]


@pytest.mark.parametrize(
    "title",
    [
        "x" * 4000,
        "*" * 4000,
        "שיר ארוך " * 20,
        "🎸" * 200,
        HOSTILE_TITLE,
        HOSTILE_TITLE * 100,
        "\x00\n\u2067",
    ],
    ids=["long", "markup", "right to left", "emoji", "hostile", "long and hostile", "invisible"],
)
async def test_card_with_any_title_mentions_no_one(chat: Chat, title: str) -> None:
    chat.app.lookup.tracks = [track(title=title, artists=(title,))]
    card = await chat.card(LINK)
    assert len(components_of(card, SELECT)) == 1
    assert card.mentions == []
    assert not card.mention_everyone
    for active in ("@everyone", "<@1>", "](http://", "\u202e"):
        assert active not in text_of(card)
        assert active not in components_of(card, PICTURE)[0]["items"][0]["description"].replace(
            "@everyone", ""
        ).replace("<@1>", "").replace("](http://", "")


@pytest.mark.parametrize("title", ["x" * 4000, "*" * 4000, HOSTILE_TITLE])
async def test_title_in_an_error_message_is_escaped_and_on_one_line(chat: Chat, title: str) -> None:
    chat.app.lookup.tracks = [track(title=title)]
    chat.app.features.known = {}
    text = text_of(await chat.card(LINK))
    assert "I know" in text
    assert [active for active in ("@everyone", "<@1>", "\u202e") if active in text] == []
    assert len(text.strip().splitlines()) == 1


async def test_card_without_a_chart_has_bars(chat: Chat) -> None:
    chat.app.renderer.broken = True
    card = await chat.card(LINK)
    assert card.attachments == []
    assert "64\xa0%\xa0█" in text_of(card)


async def test_card_without_chart_is_sent_if_files_are_forbidden(chat: Chat) -> None:
    chat.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    card = await chat.card(LINK)
    assert card.attachments == []
    assert "64\xa0%\xa0█" in text_of(card)
    assert len(components_of(card, SELECT)) == 1


async def test_plain_text_with_a_link_is_sent_if_components_are_refused(chat: Chat) -> None:
    chat.env.inject_error("POST", "/channels/*/messages", status=400, code=50035, times=2)
    card = await chat.card(LINK)
    assert "Sounds like country." in card.content
    assert f"<{LINK}>" in card.content


async def test_card_references_no_message_without_permission_to_read_history(
    chat: Chat,
) -> None:
    chat.env.inject_error("POST", "/channels/*/messages", status=400, code=160002)
    card = await chat.card(LINK)
    assert card.reference is None
    assert len(components_of(card, SELECT)) == 1
    assert len(card.attachments) == 1


async def test_missing_features_are_among_the_details(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = replace(prediction(), missing=("tempo",))
    monkeypatch.setattr(FakeClassifier, "predict", lambda *_: missing)
    card = await chat.card(LINK)
    assert "Not known" not in text_of(card)
    shown = await chat.ann.click(card, label=texts.DETAILS)
    assert "Not known: tempo." in text_of(shown.response)
