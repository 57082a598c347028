"""Votes are recorded by the rules of the domain, once for each delivery, and can be deleted."""

import pytest

from bot import texts
from bot.domain.cards import Card
from bot.domain.replies import Notice, NoticeKind
from bot.domain.votes import Ballot, Forgotten, RecordedVote, Vote, VoteKind
from model.genres import WIDE
from tests.support.factories import message, sound_answer
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import CHANNEL, fail


@pytest.fixture
async def card(app: FakeApp) -> Card:
    """Return a card whose predicted genre is country."""
    question = message(LINK)
    (card,) = await app.services.ask.answer_message(question)
    assert isinstance(card, Card)
    await app.services.cards.on_sent(question, "reply", card)
    return card


async def vote(
    app: FakeApp,
    kind: VoteKind,
    genre: str | None = None,
    *,
    user: str = "ann",
    added: bool = True,
    event_id: str | None = None,
) -> Ballot:
    recorded = await app.services.voting.record(
        Vote(CHANNEL, 1, user, kind, genre, added=added, event_id=event_id)
    )
    assert isinstance(recorded, RecordedVote), recorded
    return recorded.ballot


@pytest.mark.usefixtures("card")
async def test_right_counts_for_the_predicted_genre(app: FakeApp) -> None:
    assert (await vote(app, VoteKind.RIGHT)).counted == "country"
    assert (await vote(app, VoteKind.CHOICE, user="bob")).counted == "country"


@pytest.mark.parametrize("genre", WIDE)
async def test_any_genre_can_be_chosen_for_a_sound(app: FakeApp, genre: str) -> None:
    card = await app.predictions.add(sound_answer(), CHANNEL)
    assert "latin" not in card.answer.prediction.genres
    assert (await vote(app, VoteKind.CHOICE, genre)).counted == genre
    assert await app.services.voting.tally(card.id) == {genre: 1}


@pytest.mark.usefixtures("card")
async def test_taking_a_choice_back_leaves_no_vote(app: FakeApp) -> None:
    await vote(app, VoteKind.RIGHT)
    assert (await vote(app, VoteKind.CHOICE, "jazz")).counted == "jazz"
    assert (await vote(app, VoteKind.CHOICE, "rock")).counted == "rock"
    assert await vote(app, VoteKind.CHOICE, added=False) == Ballot()
    assert await app.services.voting.tally(1) == {}


@pytest.mark.usefixtures("card")
async def test_the_receipt_says_what_counts_and_what_it_replaces(app: FakeApp) -> None:
    async def receipt(kind: VoteKind, genre: str | None = None, *, added: bool = True) -> str:
        recorded = await app.services.voting.record(
            Vote(CHANNEL, 1, "ann", kind, genre, added=added)
        )
        assert isinstance(recorded, RecordedVote)
        return texts.receipt(recorded)

    assert await receipt(VoteKind.CHOICE, added=False) == texts.NO_VOTE
    assert await receipt(VoteKind.REACTION, "rock") == "Your vote: rock. Thank you!"
    replaced = await receipt(VoteKind.CHOICE, "jazz")
    assert replaced == "Your vote: jazz. It replaces your reactions. Thank you!"
    assert await receipt(VoteKind.CHOICE, "blues") == "Your vote: blues. Thank you!"
    assert await receipt(VoteKind.CHOICE, "blues") == "Your vote is blues already."
    assert "Taken back" in await receipt(VoteKind.CHOICE, added=False)


@pytest.mark.usefixtures("card")
async def test_removing_the_newest_reaction_makes_the_one_before_count(app: FakeApp) -> None:
    await vote(app, VoteKind.RIGHT)
    assert (await vote(app, VoteKind.REACTION, "jazz")).counted == "jazz"
    assert await app.services.voting.tally(1) == {"jazz": 1}
    assert (await vote(app, VoteKind.REACTION, "jazz", added=False)).counted == "country"


@pytest.mark.usefixtures("card")
async def test_a_repeated_delivery_is_recorded_once(app: FakeApp) -> None:
    first = await vote(app, VoteKind.REACTION, "jazz", event_id="e1")
    await vote(app, VoteKind.REACTION, "rock", event_id="e2")
    again = await vote(app, VoteKind.REACTION, "jazz", event_id="e1")
    assert first.counted == "jazz"
    assert again.counted == "rock"


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize("genre", ["polka", ""])
async def test_an_unknown_genre_is_refused(app: FakeApp, genre: str) -> None:
    refused = await app.services.voting.record(Vote(CHANNEL, 1, "ann", VoteKind.CHOICE, genre))
    assert isinstance(refused, Notice)
    assert refused.kind is NoticeKind.UNKNOWN_GENRE
    assert await app.services.voting.tally(1) == {}


async def test_a_vote_on_an_unknown_card_is_refused(app: FakeApp) -> None:
    refused = await app.services.voting.record(Vote(CHANNEL, 1, "ann", VoteKind.RIGHT))
    assert isinstance(refused, Notice)
    assert refused.kind is NoticeKind.UNKNOWN_CARD


@pytest.mark.usefixtures("card")
async def test_forget_me_deletes_the_votes_and_the_hash_of_one_person(app: FakeApp) -> None:
    await vote(app, VoteKind.RIGHT)
    await vote(app, VoteKind.RIGHT, user="bob")
    voting = app.services.voting
    assert await voting.forget(CHANNEL, "ann") == Notice(
        NoticeKind.DONE, texts.data_deleted(Forgotten(1))
    )
    assert await voting.ballot(CHANNEL, "ann", 1) == Ballot()
    assert (await voting.ballot(CHANNEL, "bob", 1)).counted == "country"
    assert set(app.messages.askers.values()) == {None}


async def test_recent_tally_of_a_track_is_kept_until_its_votes_change_here(
    app: FakeApp, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting, track = app.services.voting, card.answer.subject.key
    assert await voting.recent_tally_of(track, CHANNEL) == {}
    await vote(app, VoteKind.CHOICE, "jazz")
    assert await voting.recent_tally_of(track, CHANNEL) == {"jazz": 1}
    await vote(app, VoteKind.CHOICE, "folk", user="bob")
    assert await voting.recent_tally_of(track, CHANNEL) == {"folk": 1, "jazz": 1}
    await voting.forget(CHANNEL, "ann")
    with monkeypatch.context() as patched:
        patched.setattr(app.votes, "tally_of", fail)
        assert await voting.tally_of(track, CHANNEL) == {}
        assert await voting.recent_tally_of(track, CHANNEL) == {}
    assert await voting.recent_tally_of(track, CHANNEL) == {"folk": 1}
    monkeypatch.setattr(app.votes, "tally_of", fail)
    assert await voting.recent_tally_of(track, CHANNEL) == {"folk": 1}
