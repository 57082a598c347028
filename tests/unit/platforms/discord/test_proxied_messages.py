"""Copies that a proxy bot posts instead of a person's message: answered once, for that person."""

from collections.abc import Callable
from itertools import permutations

import pytest

from bot.domain.places import Message, Place
from bot.platforms.discord.proxied_messages import LIFETIME, MAX_REMEMBERED, ProxiedMessages
from bot.platforms.discord.questions import Question
from tests.support.fake_app import LINK, FakeApp

MUSIC, ELSEWHERE = Place("discord", "1", "2"), Place("discord", "1", "3")
SIGN = hash(LINK)


class Chat:
    """Passes events to `ProxiedMessages`; `answered` are the copies that are to be answered."""

    def __init__(self) -> None:
        self.app = FakeApp()
        self.proxied = ProxiedMessages(self.app.now)
        self.answered: list[Question] = []

    def original(
        self,
        message_id: str = "10",
        user: str = "ann",
        place: Place = MUSIC,
        sign: int | None = SIGN,
    ) -> None:
        author = Message(place, message_id, user, "", roles=frozenset({"7"}))
        self._note(self.proxied.on_original(author, sign))

    def copy(self, copy_id: str = "20", sign: int = SIGN, place: Place = MUSIC) -> None:
        question = Question(Message(place, copy_id, "webhook", LINK), addressed=False)
        self._note(self.proxied.on_copy(question, sign))

    def deletion(self, message_id: str = "10", place: Place = MUSIC) -> None:
        self._note(self.proxied.on_deleted(place, message_id))

    def _note(self, question: Question | None) -> None:
        self.answered += [question] if question else []


EVENTS: tuple[Callable[[Chat], None], ...] = (Chat.original, Chat.copy, Chat.deletion)


@pytest.mark.parametrize(
    "order", list(permutations(EVENTS)), ids=lambda order: " ".join(one.__name__ for one in order)
)
def test_copy_is_answered_for_the_author_after_the_last_of_the_events(
    order: tuple[Callable[[Chat], None], ...],
) -> None:
    chat = Chat()
    for event in order[:2]:
        event(chat)
    assert chat.answered == []
    order[2](chat)
    (copy,) = chat.answered
    assert (copy.message.id, copy.message.user, copy.message.text) == ("20", "ann", LINK)
    assert copy.message.roles == {"7"}
    for event in EVENTS:
        event(chat)
    assert len(chat.answered) == 2, "the next message is another one"


def test_copy_whose_original_stays_is_not_answered() -> None:
    chat = Chat()
    chat.original()
    chat.copy()
    chat.deletion("11")
    assert chat.answered == []


@pytest.mark.parametrize("other", [{"sign": 0}, {"place": ELSEWHERE}], ids=["links", "place"])
def test_copy_has_the_links_and_the_place_of_its_original(other: dict[str, object]) -> None:
    chat = Chat()
    chat.original()
    chat.copy(**other)  # type: ignore[arg-type]
    chat.deletion()
    assert chat.answered == []


@pytest.mark.parametrize("order", list(permutations(EVENTS)))
def test_events_that_are_too_far_apart_belong_to_different_messages(
    order: tuple[Callable[[Chat], None], ...],
) -> None:
    chat = Chat()
    order[0](chat)
    chat.app.time += LIFETIME
    order[1](chat)
    order[2](chat)
    assert chat.answered == []


def test_deleted_copy_is_not_answered() -> None:
    chat = Chat()
    chat.original()
    chat.copy()
    chat.deletion("20")
    chat.deletion()
    assert chat.answered == []


def test_equal_messages_of_two_people_get_one_answer_each() -> None:
    chat = Chat()
    chat.original("10", "ann")
    chat.original("11", "bob")
    chat.copy("20")
    chat.deletion("10")
    chat.copy("21")
    chat.deletion("11")
    assert [(one.message.id, one.message.user) for one in chat.answered] == [
        ("20", "ann"),
        ("21", "bob"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [(None, SIGN, 1), (SIGN + 1, SIGN, 1), (SIGN, SIGN + 1, 0), (SIGN, None, 0)],
    ids=["added", "changed", "another", "removed"],
)
def test_original_is_compared_as_it_was_edited_last(
    before: int | None, after: int | None, count: int
) -> None:
    chat = Chat()
    chat.original(sign=before)
    chat.original(sign=after)
    chat.copy()
    chat.deletion()
    assert len(chat.answered) == count


def test_edit_keeps_an_original_for_its_whole_time() -> None:
    chat = Chat()
    chat.original("10")
    chat.original("11")
    chat.app.time += LIFETIME / 2
    chat.original("10")
    chat.app.time += LIFETIME / 2
    chat.copy()
    chat.deletion("11")
    assert chat.answered == []
    chat.deletion("10")
    assert len(chat.answered) == 1


def test_author_of_an_answered_copy_is_known_until_it_is_deleted() -> None:
    chat = Chat()
    chat.copy()
    assert chat.proxied.author_of(MUSIC, "20") is None
    chat.original()
    chat.deletion()
    chat.app.time += 2 * LIFETIME
    author = chat.proxied.author_of(MUSIC, "20")
    assert author is not None
    assert author.user == "ann"
    assert chat.proxied.author_of(ELSEWHERE, "20") is None
    chat.deletion("20")
    assert chat.proxied.author_of(MUSIC, "20") is None


def test_memory_is_bounded() -> None:
    chat = Chat()
    for number in range(MAX_REMEMBERED + 10):
        chat.original(f"o{number}")
        chat.copy(f"c{number}", sign=number)
        chat.deletion(f"d{number}")
    sizes = (chat.proxied._originals, chat.proxied._copies, chat.proxied._deletions)
    assert [len(one) for one in sizes] == [MAX_REMEMBERED] * 3
    chat.app.time += LIFETIME
    chat.original()
    assert len(chat.proxied._originals) == 1


def test_memory_of_authors_is_bounded() -> None:
    chat = Chat()
    for number in range(MAX_REMEMBERED + 1):
        chat.original(f"o{number}")
        chat.copy(f"c{number}")
        chat.deletion(f"o{number}")
    known = [chat.proxied.author_of(MUSIC, f"c{n}") is not None for n in (0, 1, MAX_REMEMBERED)]
    assert known == [False, True, True]


def test_text_of_a_copy_is_not_kept_while_it_waits() -> None:
    chat = Chat()
    message = Message(MUSIC, "20", "webhook", f"my secret {LINK}")
    chat.proxied.on_copy(Question(message, addressed=False), SIGN)
    chat.original()
    chat.deletion()
    (copy,) = chat.answered
    assert copy.message.text == LINK
