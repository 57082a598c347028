"""Whatever three visitors do at once on a public page, none gets anything of another."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.tracks import Track
from bot.platforms.web import events
from bot.platforms.web.site import Site
from tests.support.fake_listener import MUSIC
from tests.support.fake_services import FakeServices, plain_png
from tests.support.web_visitors import Client, joining, visiting
from tests.unit.platforms.web.dropped import BYTES, address

NAMES = ("visitor-1", "visitor-2", "visitor-3")
MESSAGE_IDS = ("message-1", "message-2")
"""Few, so that visitors often use the same."""

NUMBERS = st.integers(1, 8)
ACTIONS = st.one_of(
    st.tuples(
        st.sampled_from(["ask", "drop", "replies", "progress"]), st.sampled_from(MESSAGE_IDS)
    ),
    st.tuples(st.sampled_from(["vote", "card", "chart"]), NUMBERS),
    st.tuples(st.sampled_from(["history", "forget"]), st.none()),
)
ROUNDS = st.lists(st.lists(st.tuples(st.sampled_from(NAMES), ACTIONS), max_size=4), max_size=6)
"""What visitors do; the actions of a round happen at once."""


@dataclass
class Visitor:
    """A visitor, whose songs and files have the name in their titles."""

    name: str
    client: Client
    sent: set[str] = field(default_factory=set)
    cards: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    forgotten: bool = False

    async def act(self, action: str, value: Any) -> None:
        """Do something, and check what comes back."""
        if action in ("ask", "drop"):
            self.sent.add(value)
        status, body = await getattr(self, action)(value)
        assert not re.search("|".join(name for name in NAMES if name != self.name), body), body
        if not body.startswith("{"):
            return
        found = json.loads(body)
        assert {one["message"] for one in found.get("shown", ())} <= self.sent
        if status == 200:
            self.cards |= set(cards_in(found))

    async def ask(self, message_id: str) -> tuple[int, str]:
        body = {"id": message_id, "text": f"song of {self.name}"}
        return await self._post("/api/messages", json=body)

    async def drop(self, message_id: str) -> tuple[int, str]:
        path = address(f"file of {self.name}.mp3", message_id)
        return await self._post(path, data=MUSIC, headers=BYTES)

    async def replies(self, message_id: str) -> tuple[int, str]:
        return await self._get(f"/api/replies/{message_id}")

    async def progress(self, message_id: str) -> tuple[int, str]:
        return await self._get(f"/api/progress/{message_id}")

    async def vote(self, number: int) -> tuple[int, str]:
        body = {"card": number, "kind": "choice", "genre": "jazz", "added": True}
        return await self._post("/api/votes", json=body)

    async def card(self, number: int) -> tuple[int, str]:
        return await self._get(f"/cards/{number}.svg")

    async def chart(self, number: int) -> tuple[int, str]:
        status, _ = await self._get(f"/charts/{number}.png")
        if status == 200:
            self.seen.add(number)
        return status, ""

    async def history(self, _: None) -> tuple[int, str]:
        return await self._get("/api/history")

    async def forget(self, _: None) -> tuple[int, str]:
        self.forgotten = True
        return await self._post("/api/messages", json={"id": "forget-me", "text": "/forget-me"})

    async def _get(self, path: str) -> tuple[int, str]:
        async with self.client.get(path) as response:
            return response.status, (await response.read()).decode(errors="replace")

    async def _post(self, path: str, **request: Any) -> tuple[int, str]:
        async with self.client.post(path, **request) as response:
            return response.status, await response.text()


def cards_in(found: Any) -> Iterator[int]:
    """Yield the numbers of the cards in a response."""
    if isinstance(found, dict):
        yield from map(int, found.get("tallies", ()))
        if found.get("type") == "card":
            yield found["id"]
        for value in found.values():
            yield from cards_in(value)
    if isinstance(found, list):
        for value in found:
            yield from cards_in(value)


async def run(rounds: list[list[tuple[str, tuple[str, Any]]]]) -> None:
    fake = FakeServices([Track(None, f"song of {name}", ("x",)) for name in NAMES], plain_png(1, 1))
    fake.app.listener.title = fake.app.listener.artist = ""
    async with (
        visiting(events.build(fake.services, Site(is_public=True)), "1" * 32) as ann,
        joining(ann, "2" * 32) as bob,
        joining(ann, "3" * 32) as eve,
    ):
        people = {
            name: Visitor(name, client) for name, client in zip(NAMES, (ann, bob, eve), strict=True)
        }
        for actions in rounds:
            await asyncio.gather(*(people[name].act(*action) for name, action in actions))
        for person in people.values():
            _, body = await person.history(None)
            found = set(cards_in(json.loads(body)))
            assert found <= person.cards if person.forgotten else found == person.cards
    assert all(person.seen <= person.cards for person in people.values())
    owned = [person.cards for person in people.values()]
    assert sum(map(len, owned)) == len(set().union(*owned))


@settings(deadline=None, max_examples=40)
@given(ROUNDS)
def test_no_visitor_gets_anything_of_another(
    rounds: list[list[tuple[str, tuple[str, Any]]]],
) -> None:
    asyncio.run(run(rounds))
