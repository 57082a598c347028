"""Requests of the page."""

from typing import Any

from tests.unit.platforms.web.conftest import Client

ID = "1700000000000-0123456789abcdef"


async def say(client: Client, text: str, message_id: str = ID) -> list[dict[str, Any]]:
    async with client.post("/api/messages", json={"id": message_id, "text": text}) as response:
        assert response.status == 200, await response.text()
        replies: list[dict[str, Any]] = (await response.json())["replies"]
        return replies


async def vote(client: Client, card: int, **choice: object) -> dict[str, Any]:
    body = {"card": card, "kind": "choice", "genre": "country", "added": True, **choice}
    async with client.post("/api/votes", json=body) as response:
        assert response.status == 200, await response.text()
        answer: dict[str, Any] = await response.json()
        return answer


async def history(client: Client) -> list[dict[str, Any]]:
    async with client.get("/api/history") as response:
        assert response.status == 200
        shown: list[dict[str, Any]] = (await response.json())["shown"]
        return shown
