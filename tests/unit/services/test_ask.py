"""Links and questions are answered with cards, or with one sentence each; nothing raises."""

import logging

import pytest

from bot import texts
from bot.domain import links
from bot.domain.cards import Card
from bot.domain.music_services import MusicService
from bot.domain.ranking import Matches
from bot.domain.replies import Choice, Notice, NoticeKind
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.services.find import MAX_SEARCH_LENGTH
from tests.support.factories import HEROES, OLD_TOWN_ROAD, message, track
from tests.support.fake_app import LINK, SHORT_LINK, FakeApp
from tests.support.fakes import FakeClassifier


async def answered_ids(app: FakeApp, text: str) -> list[str | None]:
    replies = await app.services.ask.answer_message(message(text))
    return [reply.answer.subject.spotify_id for reply in replies if isinstance(reply, Card)]


async def test_each_link_of_a_message_gets_a_card_in_order(app: FakeApp) -> None:
    text = f"{LINK} and spotify:track:{HEROES}"
    assert await answered_ids(app, text) == [OLD_TOWN_ROAD, HEROES]


@pytest.mark.parametrize("text", ["", "nice song!", "https://example.com", "\x00" * 100, "😀" * 9])
async def test_a_message_without_a_link_is_not_answered(app: FakeApp, text: str) -> None:
    assert await app.services.ask.answer_message(message(text)) == []


async def test_a_short_link_and_the_link_to_its_track_give_one_card(app: FakeApp) -> None:
    assert await answered_ids(app, f"{SHORT_LINK} {LINK}") == [OLD_TOWN_ROAD]


async def test_a_short_link_that_leads_nowhere_gets_a_notice(app: FakeApp) -> None:
    (reply,) = await app.services.ask.answer_message(message("https://spotify.link/other"))
    assert reply == Notice(NoticeKind.NO_TRACK_LINK, texts.unsupported_link("short"))


async def test_a_short_link_that_cannot_be_resolved_gets_a_notice(app: FakeApp) -> None:
    app.links.away = True
    (reply,) = await app.services.ask.answer_message(message(SHORT_LINK))
    assert isinstance(reply, Notice)
    assert reply.kind is NoticeKind.UNAVAILABLE


@pytest.mark.parametrize("kind", ["episode", "show"])
async def test_the_notice_for_other_links_names_their_kind(app: FakeApp, kind: str) -> None:
    text = f"https://open.spotify.com/{kind}/{OLD_TOWN_ROAD} spotify:{kind}:{HEROES}"
    (reply,) = await app.services.ask.answer_message(message(text))
    assert isinstance(reply, Notice)
    assert kind in reply.text


@pytest.mark.parametrize("text", [LINK, "old town road", "Old Town Road - Lil Nas X", SHORT_LINK])
async def test_a_question_is_answered_by_link_or_by_name(app: FakeApp, text: str) -> None:
    (reply,) = await app.services.ask.answer_question(message(text))
    assert isinstance(reply, Card)
    assert reply.answer.subject.spotify_id == OLD_TOWN_ROAD


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", NoticeKind.NO_TRACK_LINK),
        ("   ", NoticeKind.NO_TRACK_LINK),
        ("https://example.com/track", NoticeKind.NO_TRACK_LINK),
        ("x" * (MAX_SEARCH_LENGTH + 1), NoticeKind.NO_TRACK_LINK),
        (f"https://open.spotify.com/episode/{OLD_TOWN_ROAD}", NoticeKind.NO_TRACK_LINK),
        ("an unknown song", NoticeKind.TRACK_NOT_FOUND),
        (f"spotify:track:{'9' * 22}", NoticeKind.TRACK_NOT_FOUND),
    ],
)
async def test_a_question_without_an_answer_gets_a_sentence(
    app: FakeApp, text: str, kind: NoticeKind
) -> None:
    (reply,) = await app.services.ask.answer_question(message(text))
    assert isinstance(reply, Notice)
    assert reply.kind is kind
    assert reply.text


async def test_one_failing_link_does_not_affect_the_others(app: FakeApp) -> None:
    del app.features.known[HEROES]  # type: ignore[attr-defined]  # a dict in this test
    first, second = await app.services.ask.answer_message(message(f"{LINK} spotify:track:{HEROES}"))
    assert isinstance(first, Card)
    assert isinstance(second, Notice)
    assert second.kind is NoticeKind.FEATURES_UNKNOWN
    assert "Heroes" in second.text


async def test_a_bug_gives_one_sentence_and_a_stack_without_the_message_text(
    app: FakeApp, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeClassifier, "predict", lambda *_: 1 / 0)
    (reply,) = await app.services.ask.answer_question(message(f"{LINK} my private words"))
    assert reply == Notice(NoticeKind.UNAVAILABLE, texts.TRY_AGAIN)
    assert "ZeroDivisionError" in caplog.text
    assert "m1" in caplog.text
    assert "private words" not in caplog.text


async def test_the_log_names_message_and_cause_but_not_the_text(
    app: FakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await app.services.ask.answer_question(message("my private words", message_id="m77"))
    assert "m77" in caplog.text
    assert "TrackNotFound" in caplog.text
    assert "private" not in caplog.text


async def test_a_failure_names_the_link_or_the_words_that_were_asked_for(app: FakeApp) -> None:
    text = f"{LINK} spotify:track:{'9' * 22}"
    card, notice = await app.services.ask.answer_question(message(text))
    assert isinstance(card, Card)
    assert isinstance(notice, Notice)
    assert f"open.spotify.com/track/{'9' * 22}" in notice.text
    (notice,) = await app.services.ask.answer_question(message("an unknown song"))
    assert isinstance(notice, Notice)
    assert "“an unknown song”" in notice.text


ON_DEEZER = SubjectRef(SubjectKind.TRACK, "3135556", MusicService.DEEZER)
VIDEO = "https://www.youtube.com/watch?v=w2Ov5jzm3j8"


async def test_a_link_of_another_service_gets_the_card_of_the_same_song(app: FakeApp) -> None:
    app.pages.known = {ON_DEEZER: track(deezer_id="3135556")}
    text = "https://www.deezer.com/en/track/3135556"
    (reply,) = await app.services.ask.answer_message(message(text))
    assert isinstance(reply, Card)
    assert reply.answer.subject.key == OLD_TOWN_ROAD


async def test_a_link_that_may_be_no_song_is_resolved_as_uncertain(app: FakeApp) -> None:
    found = links.find(f"{VIDEO} {LINK}").links
    resolved = await app.services.ask.resolve(found, message(""))
    assert [subject.service for subject in resolved.uncertain] == [MusicService.YOUTUBE]
    assert len(resolved.subjects) == 2


async def test_what_needs_no_service_is_offered_when_none_can_be_reached(
    app: FakeApp,
) -> None:
    app.lookup.away = app.features.away = True
    offered = (Choice("Heroes", SubjectRef(SubjectKind.TRACK, HEROES)),)
    app.offline.offered = offered
    (reply,) = await app.services.ask.answer_question(message(LINK))
    assert isinstance(reply, Notice)
    assert reply.choices == offered
    assert "try again" not in reply.text


async def test_several_songs_that_may_be_meant_are_offered(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = (track(), track(HEROES, title="Heroes"), Track(title="without an id"))

    async def find(_: str) -> Matches:
        return Matches(close=close)

    monkeypatch.setattr(app.search, "find", find)
    (reply,) = await app.services.ask.answer_question(message("road"))
    assert isinstance(reply, Notice)
    assert reply.kind is NoticeKind.SEVERAL_MATCHES
    assert [choice.ref.id for choice in reply.choices] == [OLD_TOWN_ROAD, HEROES]
