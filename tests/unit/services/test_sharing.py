"""A card becomes a picture with its cover and its votes."""

import logging
from dataclasses import replace

import pytest

from bot.domain.cards import Card, Theme
from bot.domain.pictures import PictureFormat
from bot.domain.votes import Vote, VoteKind
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import CHANNEL, fail, paste

COVER = "https://i.scdn.co/image/ab67"


async def card_of(app: FakeApp, image: str | None = COVER) -> Card:
    app.lookup.tracks = [replace(track, image=image) for track in app.lookup.tracks]
    (card,) = await paste(app, LINK, "m1")
    assert isinstance(card, Card)
    return card


async def test_the_picture_has_the_cover_and_the_split_of_the_votes(app: FakeApp) -> None:
    card = await card_of(app)
    app.covers.images[COVER] = b"cover"
    await app.services.voting.record(Vote(CHANNEL, card.id, "ann", VoteKind.CHOICE, "jazz"))
    picture = await app.services.share.picture(card, Theme.LIGHT, PictureFormat.PDF)
    assert picture == b"Old Town Road - Remix 1 says jazz. b'cover' light pdf"


@pytest.mark.parametrize("image", [None, COVER])
async def test_a_card_whose_cover_cannot_be_had_is_drawn_without(
    app: FakeApp, image: str | None
) -> None:
    card = await card_of(app, image)
    picture = await app.services.share.picture(card)
    assert picture
    assert b" None dark png" in picture
    assert app.covers.asked == ([image] if image else [])


async def test_a_picture_is_drawn_without_votes_that_cannot_be_read(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await card_of(app)
    monkeypatch.setattr(app.votes, "tally", fail)
    assert await app.services.share.picture(card)


async def test_a_picture_that_cannot_be_drawn_is_none_and_logged_with_its_card(
    app: FakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    card = await card_of(app)
    app.renderer.broken = True
    with caplog.at_level(logging.ERROR):
        assert await app.services.share.picture(card) is None
    assert f"card {card.id}" in caplog.text
