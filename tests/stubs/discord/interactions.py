"""Interactions: a person's command or click, the bot's first answer, and what follows it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from tests.stubs.discord.chat import Chat
from tests.stubs.discord.state import State, user_json
from tests.stubs.discord.values import (
    Channel,
    File,
    Flag,
    Json,
    Refusal,
    User,
    Violation,
    invalid_form,
    unknown,
)

APPLICATION_COMMAND = 20  # the type of a message that answers a command
FOLLOW_UPS = 5  # for those who installed the bot for themselves alone


class Kind(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4


class Answer(IntEnum):
    """The first answer."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8


NEW = (Answer.MESSAGE, Answer.DEFERRED_MESSAGE)
UPDATES = (Answer.UPDATE, Answer.DEFERRED_UPDATE)


@dataclass(eq=False)
class Interaction:
    """What a person did, and all that the bot answered.

    `answer` is the first answer's type and `after` the seconds it took; `choices` are those of an
    autocompletion; `messages` are the answers' ids, the original one first. `expired` is set by a
    test: Discord forgets an interaction that is not answered in 3 s, and its token after 15 min.
    """

    id: str
    token: str
    kind: Kind
    user: User
    channel: Channel
    user_installed: bool
    source: Json | None = None
    began: float = field(default_factory=time.monotonic)
    after: float = 0.0
    answer: Answer | None = None
    choices: list[Json] | None = None
    messages: list[str] = field(default_factory=list)
    expired: bool = False


class Interactions:
    """The interactions that there were, by token; the routes that answer them."""

    def __init__(self, state: State, chat: Chat) -> None:
        self._world = state
        self._chat = chat
        self.deadline = 3.0
        self.known: dict[str, Interaction] = {}

    def first(self, interaction_id: str, token: str, said: Json, files: Sequence[File]) -> Json:
        """Take the first answer, and return what Discord says to it when asked to."""
        interaction = self.known.get(token)
        late = interaction and time.monotonic() - interaction.began > self.deadline
        if interaction is None or interaction.id != interaction_id or interaction.expired or late:
            raise unknown("Interaction")
        if interaction.answer:
            raise Violation(400, 40060, "Interaction has already been acknowledged.")
        kind = Answer(said["type"])
        if (kind == Answer.CHOICES) is not (interaction.kind == Kind.AUTOCOMPLETE):
            raise invalid_form(f"type {kind.name} does not answer {interaction.kind.name}")
        if kind in UPDATES and interaction.source is None:
            raise invalid_form(f"type {kind.name} without a message to update")
        message = self._carry_out(interaction, kind, said.get("data") or {}, files)
        interaction.answer = kind
        interaction.after = time.monotonic() - interaction.began
        return self._receipt(interaction, kind, message)

    def follow_up(self, token: str, payload: Json, files: Sequence[File]) -> Json:
        """Send a message after the first answer; the first one takes a deferred answer's place."""
        interaction = self._open(token)
        original = self._world.messages.get(next(iter(interaction.messages), ""))
        if original and original["flags"] & Flag.LOADING:
            return self._chat.edit(original, payload, files)
        sent = len(interaction.messages) - (interaction.answer in NEW)
        if interaction.user_installed and not interaction.channel.joined and sent >= FOLLOW_UPS:
            raise Refusal(400, 40094, "Maximum number of follow-up messages reached")
        return self._write(interaction, payload, files)

    def find(self, token: str, message_id: str) -> Json:
        """Return an answer, by its id or as `@original`."""
        interaction = self._open(token)
        if message_id == "@original":
            if interaction.source and interaction.answer in UPDATES:
                message_id = interaction.source["id"]
            elif interaction.messages:
                message_id = interaction.messages[0]
        elif message_id not in interaction.messages:
            raise unknown("Message")
        message = self._world.messages.get(message_id)
        if message is None:
            raise unknown("Message")
        return message

    def _open(self, token: str) -> Interaction:
        interaction = self.known.get(token)
        if interaction is None or not interaction.answer:
            raise unknown("Webhook")
        if interaction.expired:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return interaction

    def _carry_out(
        self, interaction: Interaction, kind: Answer, data: Json, files: Sequence[File]
    ) -> Json | None:
        match kind:
            case Answer.MESSAGE:
                return self._write(interaction, data, files)
            case Answer.DEFERRED_MESSAGE:
                flags = (data.get("flags") or 0) | Flag.LOADING
                return self._write(interaction, {"flags": int(flags)}, ())
            case Answer.UPDATE:
                assert interaction.source is not None
                return self._chat.edit(interaction.source, data, files)
            case Answer.CHOICES:
                interaction.choices = data["choices"]
        return None

    def _write(self, interaction: Interaction, payload: Json, files: Sequence[File]) -> Json:
        message = self._chat.write(
            interaction.channel,
            self._world.me,
            payload,
            files,
            type=APPLICATION_COMMAND if interaction.kind == Kind.COMMAND else 0,
            webhook_id=self._world.application_id,
            application_id=self._world.application_id,
            interaction_metadata={
                "id": interaction.id,
                "type": int(interaction.kind),
                "user": user_json(interaction.user),
                "authorizing_integration_owners": {},
            },
        )
        interaction.messages.append(message["id"])
        return message

    def _receipt(self, interaction: Interaction, kind: Answer, message: Json | None) -> Json:
        about: dict[str, Any] = {"id": interaction.id, "type": int(interaction.kind)}
        if message is None:
            return {"interaction": about}
        about["response_message_id"] = message["id"]
        about["response_message_loading"] = kind == Answer.DEFERRED_MESSAGE
        about["response_message_ephemeral"] = bool(message["flags"] & Flag.EPHEMERAL)
        told = self._world.message_json(message)
        return {"interaction": about, "resource": {"type": int(kind), "message": told}}
