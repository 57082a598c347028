"""What a platform gets: cards, or one kind sentence; never an error."""

import logging

import pytest

from bot import texts
from bot.domain.cards import Card, Notice, Theme
from bot.domain.places import Place
from bot.domain.votes import Ballot, Selection, Vote, VoteKind
from bot.services.ask import LONGEST_SEARCH
from tests.support.factories import HEROES, OLD_TOWN_ROAD, message
from tests.support.fake_app import LINK, SHORT, FakeApp
from tests.support.fakes import FakeClassifier

HERE = Place("test", "w", "c")


@pytest.fixture
def world() -> FakeApp:
    return FakeApp()


async def ids(world: FakeApp, text: str) -> list[str | None]:
    replies = await world.core.on_message(message(text))
    return [reply.answer.track.id for reply in replies if isinstance(reply, Card)]


async def test_each_link_of_a_message_gets_its_card_in_order(world: FakeApp) -> None:
    assert await ids(world, f"{LINK} and spotify:track:{HEROES}") == [OLD_TOWN_ROAD, HEROES]


@pytest.mark.parametrize("text", ["", "nice song!", "https://example.com", "\x00" * 100, "😀" * 9])
async def test_a_message_without_a_link_is_left_alone(world: FakeApp, text: str) -> None:
    assert await world.core.on_message(message(text)) == []


async def test_a_short_link_is_followed_and_counts_as_its_track(world: FakeApp) -> None:
    assert await ids(world, f"{SHORT} {LINK}") == [OLD_TOWN_ROAD]


async def test_a_short_link_to_nowhere_is_told_in_words(world: FakeApp) -> None:
    (reply,) = await world.core.on_message(message("https://spotify.link/other"))
    assert reply == Notice("no_track_link", texts.other_link("short"))


async def test_a_short_link_that_does_not_answer_is_told_in_words(world: FakeApp) -> None:
    world.links.away = True
    (reply,) = await world.core.on_message(message(SHORT))
    assert isinstance(reply, Notice)
    assert reply.code == "unavailable"


@pytest.mark.parametrize("kind", ["album", "playlist", "artist", "episode", "show"])
async def test_another_kind_of_link_is_named(world: FakeApp, kind: str) -> None:
    text = f"https://open.spotify.com/{kind}/{OLD_TOWN_ROAD} spotify:{kind}:{HEROES}"
    (reply,) = await world.core.on_message(message(text))
    assert isinstance(reply, Notice)
    assert kind in reply.text


async def test_a_question_is_answered_by_link_or_by_name(world: FakeApp) -> None:
    for text in (LINK, "old town road", "Old Town Road - Lil Nas X", SHORT):
        (reply,) = await world.core.on_question(message(text))
        assert isinstance(reply, Card), text
        assert reply.answer.track.id == OLD_TOWN_ROAD


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_track_link"),
        ("   ", "no_track_link"),
        ("https://example.com/track", "no_track_link"),
        ("x" * (LONGEST_SEARCH + 1), "no_track_link"),
        (f"https://open.spotify.com/album/{OLD_TOWN_ROAD}", "no_track_link"),
        ("a song that nobody knows", "track_not_found"),
        (f"spotify:track:{'9' * 22}", "track_not_found"),
    ],
)
async def test_a_question_always_gets_a_word(world: FakeApp, text: str, code: str) -> None:
    (reply,) = await world.core.on_question(message(text))
    assert isinstance(reply, Notice)
    assert reply.code == code
    assert reply.text


async def test_one_link_that_fails_does_not_take_the_others_along(world: FakeApp) -> None:
    del world.features.known[HEROES]  # type: ignore[attr-defined]  # a dict in this test
    first, second = await world.core.on_message(message(f"{LINK} spotify:track:{HEROES}"))
    assert isinstance(first, Card)
    assert isinstance(second, Notice)
    assert second.code == "features_unknown"
    assert "Heroes" in second.text


async def test_a_bug_is_one_sentence_for_the_user_and_a_trace_for_the_log(
    world: FakeApp, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeClassifier, "predict", lambda *_: 1 / 0)
    (reply,) = await world.core.on_question(message(f"{LINK} my private words"))
    assert reply == Notice("unavailable", texts.TRY_AGAIN)
    assert "ZeroDivisionError" in caplog.text
    assert "m1" in caplog.text
    assert "private words" not in caplog.text


async def test_the_log_names_the_message_and_the_cause_but_not_the_text(
    world: FakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await world.core.on_question(message("my private words", message_id="m77"))
    assert "m77" in caplog.text
    assert "TrackNotFound" in caplog.text
    assert "private" not in caplog.text


async def test_a_chart_is_drawn_and_a_broken_one_is_missing_not_fatal(world: FakeApp) -> None:
    (card,) = await world.core.on_message(message(LINK))
    assert isinstance(card, Card)
    assert await world.core.chart(card, Theme.DARK) == b"Old Town Road - Remix dark"
    world.renderer.broken = True
    assert await world.core.chart(card, Theme.DARK) is None


async def test_a_shown_card_is_remembered_with_its_asker_hashed(world: FakeApp) -> None:
    asked = message(LINK)
    (card,) = await world.core.on_message(asked)
    assert isinstance(card, Card)
    await world.core.on_shown(asked, "reply-1", card)
    assert await world.core.history(asked.place) == [("reply-1", card)]
    assert set(world.messages.askers.values()) == {"test/ann"}


async def vote(world: FakeApp, kind: VoteKind, genre: str | None = None, **more: object) -> object:
    return await world.core.on_vote(Vote(HERE, 1, "ann", kind, genre, **more))  # type: ignore[arg-type]  # fields by name


async def test_a_vote_counts_can_be_changed_and_taken_back(world: FakeApp) -> None:
    await world.core.on_message(message(LINK))
    right = await vote(world, VoteKind.RIGHT)
    assert right == Ballot(frozenset({Selection(VoteKind.RIGHT, "country")}), "country")
    changed = await vote(world, VoteKind.CHOICE, "hip-hop")
    assert isinstance(changed, Ballot)
    assert changed.counted == "hip-hop"
    back = await vote(world, VoteKind.CHOICE, "hip-hop", added=False)
    assert back == right


async def test_a_vote_delivered_twice_is_recorded_once(world: FakeApp) -> None:
    await world.core.on_message(message(LINK))
    for _ in range(2):
        ballot = await vote(world, VoteKind.REACTION, "jazz", event_id="e1")
        assert isinstance(ballot, Ballot)
        assert ballot.counted == "jazz"
    assert len(world.votes.events) == 1


@pytest.mark.parametrize(
    ("genre", "code"), [("polka", "unknown_genre"), (None, "unknown_genre"), ("", "unknown_genre")]
)
async def test_a_vote_for_no_genre_of_ours_is_refused(
    world: FakeApp, genre: str | None, code: str
) -> None:
    await world.core.on_message(message(LINK))
    refused = await vote(world, VoteKind.CHOICE, genre)
    assert isinstance(refused, Notice)
    assert refused.code == code
    assert world.votes.events == []


async def test_a_vote_on_no_card_of_ours_is_refused(world: FakeApp) -> None:
    refused = await vote(world, VoteKind.RIGHT)
    assert isinstance(refused, Notice)
    assert refused.code == "unknown_card"


async def test_forgetting_deletes_ones_own_votes_and_name_only(world: FakeApp) -> None:
    asked = message(LINK)
    (card,) = await world.core.on_message(asked)
    assert isinstance(card, Card)
    await world.core.on_shown(asked, "r", card)
    await vote(world, VoteKind.RIGHT)
    await world.core.on_vote(Vote(HERE, 1, "bob", VoteKind.RIGHT))
    assert await world.core.on_forget(HERE, "ann") == Notice("done", texts.forgotten(1))
    assert await world.core.ballot(HERE, "ann", 1) == Ballot()
    assert (await world.core.ballot(HERE, "bob", 1)).counted == "country"
    assert set(world.messages.askers.values()) == {None}
