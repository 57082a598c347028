"""Interactions: commands and clicks of people, and the bot's responses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from tests.stubs.discord.chat import Chat
from tests.stubs.discord.objects import (
    ApiError,
    Channel,
    File,
    Flag,
    Json,
    User,
    Violation,
    invalid_form,
    unknown,
)
from tests.stubs.discord.state import State, user_json

APPLICATION_COMMAND = 20  # type of a message that responds to a command
MAX_FOLLOW_UPS = 5  # where the bot is not a member


class InteractionType(IntEnum):
    """Kind of an interaction, with Discord's values."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4


class ResponseType(IntEnum):
    """Kind of the first response, with Discord's values."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8


NEW_MESSAGES = (ResponseType.MESSAGE, ResponseType.DEFERRED_MESSAGE)
UPDATES = (ResponseType.UPDATE, ResponseType.DEFERRED_UPDATE)


@dataclass(eq=False)
class Interaction:
    """An interaction and the bot's responses.

    Attributes:
        user_installed: Whether the bot is used as an app that the user installed.
        source: The message with the component that was used.
        created_at: Time of its creation, by the state's clock.
        response_type: Type of the first response; None without one.
        choices: Choices of an autocompletion.
        messages: Ids of the response messages, the original response first.
        expired: Set by a test, to end it early.
    """

    id: str
    token: str
    kind: InteractionType
    user: User
    channel: Channel
    user_installed: bool
    created_at: float
    source: Json | None = None
    response_type: ResponseType | None = None
    choices: list[Json] | None = None
    messages: list[str] = field(default_factory=list)
    expired: bool = False


class Interactions:
    """All interactions, and the routes that respond to them.

    Attributes:
        deadline: Seconds in which an interaction must be responded to.
        token_seconds: Seconds after which its token is invalid.
        by_token: The interactions by token.
    """

    def __init__(self, state: State, chat: Chat) -> None:
        self._state = state
        self._chat = chat
        self.deadline = 3.0
        self.token_seconds = 900.0
        self.by_token: dict[str, Interaction] = {}

    def respond(
        self, interaction_id: str, token: str, response: Json, files: Sequence[File]
    ) -> Json:
        """Process the first response; return the body of Discord's reply."""
        interaction = self.by_token.get(token)
        late = interaction and self._age(interaction) > self.deadline
        if interaction is None or interaction.id != interaction_id or interaction.expired or late:
            raise unknown("Interaction")
        if interaction.response_type:
            raise Violation(400, 40060, "Interaction has already been acknowledged.")
        kind = ResponseType(response["type"])
        if (kind == ResponseType.CHOICES) is not (interaction.kind == InteractionType.AUTOCOMPLETE):
            raise invalid_form(f"type {kind.name} does not answer {interaction.kind.name}")
        if kind in UPDATES and interaction.source is None:
            raise invalid_form(f"type {kind.name} without a message to update")
        message = self._process(interaction, kind, response.get("data") or {}, files)
        interaction.response_type = kind
        return self._reply(interaction, kind, message)

    def follow_up(self, token: str, payload: Json, files: Sequence[File]) -> Json:
        """Send a further message; the first one replaces a deferred response."""
        interaction = self._open(token)
        original = self._state.messages.get(next(iter(interaction.messages), ""))
        if original and original["flags"] & Flag.LOADING:
            return self._chat.edit(original, payload, files)
        sent = len(interaction.messages) - (interaction.response_type in NEW_MESSAGES)
        if interaction.user_installed and not interaction.channel.joined and sent >= MAX_FOLLOW_UPS:
            raise ApiError(400, 40094, "Maximum number of follow-up messages reached")
        return self._write(interaction, payload, files)

    def find(self, token: str, message_id: str) -> Json:
        """Return a response message by its id, or the original one as `@original`."""
        interaction = self._open(token)
        if message_id == "@original":
            if interaction.source and interaction.response_type in UPDATES:
                message_id = interaction.source["id"]
            elif interaction.messages:
                message_id = interaction.messages[0]
        elif message_id not in interaction.messages:
            raise unknown("Message")
        message = self._state.messages.get(message_id)
        if message is None:
            raise unknown("Message")
        return message

    def _open(self, token: str) -> Interaction:
        interaction = self.by_token.get(token)
        if interaction is None or not interaction.response_type:
            raise unknown("Webhook")
        if interaction.expired or self._age(interaction) > self.token_seconds:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return interaction

    def _age(self, interaction: Interaction) -> float:
        return self._state.clock() - interaction.created_at

    def _process(
        self, interaction: Interaction, kind: ResponseType, data: Json, files: Sequence[File]
    ) -> Json | None:
        match kind:
            case ResponseType.MESSAGE:
                return self._write(interaction, data, files)
            case ResponseType.DEFERRED_MESSAGE:
                flags = (data.get("flags") or 0) | Flag.LOADING
                return self._write(interaction, {"flags": int(flags)}, ())
            case ResponseType.UPDATE:
                assert interaction.source is not None
                return self._chat.edit(interaction.source, data, files)
            case ResponseType.CHOICES:
                interaction.choices = data["choices"]
        return None

    def _write(self, interaction: Interaction, payload: Json, files: Sequence[File]) -> Json:
        message = self._chat.write(
            interaction.channel,
            self._state.bot_user,
            payload,
            files,
            type=APPLICATION_COMMAND if interaction.kind == InteractionType.COMMAND else 0,
            webhook_id=self._state.application_id,
            application_id=self._state.application_id,
            interaction_metadata={
                "id": interaction.id,
                "type": int(interaction.kind),
                "user": user_json(interaction.user),
                "authorizing_integration_owners": {},
            },
        )
        interaction.messages.append(message["id"])
        return message

    def _reply(self, interaction: Interaction, kind: ResponseType, message: Json | None) -> Json:
        summary: dict[str, Any] = {"id": interaction.id, "type": int(interaction.kind)}
        if message is None:
            return {"interaction": summary}
        summary["response_message_id"] = message["id"]
        summary["response_message_loading"] = kind == ResponseType.DEFERRED_MESSAGE
        summary["response_message_ephemeral"] = bool(message["flags"] & Flag.EPHEMERAL)
        full = self._state.message_json(message)
        return {"interaction": summary, "resource": {"type": int(kind), "message": full}}
