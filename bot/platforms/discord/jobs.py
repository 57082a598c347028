"""Converts Discord's events to jobs, and the jobs' payloads back.

A payload holds ids, links, a search's words, and the token with which a command is answered; never
the text of a message, nor the name or address of a file.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import discord

from bot.domain import emoji, links
from bot.domain.jobs import Job, JobKind, StoredJob
from bot.domain.places import Message
from bot.domain.tracks import SubjectRef
from bot.domain.votes import VoteKind
from bot.platforms.discord import ids
from bot.platforms.discord.attachments import NOTHING, Attached
from bot.platforms.discord.event_stream import EventOrigin
from bot.platforms.discord.questions import Question
from bot.services.find import MAX_SEARCH_LENGTH

SAVE: Final = "save"
"""Name of the jobs that send pictures of cards."""

DELETE: Final = emoji.strip_modifiers(emoji.DELETE)


def message_job(question: Question) -> Job | None:
    """Return the job for a person's message; None if it asks for nothing."""
    message, attached = question.message, question.attached
    asks = question.has_links or attached.sounds or attached.has_voice_message
    if not (asks or question.addressed):
        return None
    payload = {**_question(question), **_attached(attached)}
    return Job(message.place, message.id, JobKind.MESSAGE, payload, message.id)


def edit_job(question: Question, edited_at: datetime, *, before: str | None, may_add: bool) -> Job:
    """Return the job for an edited message, after which its answers follow its text.

    Args:
        question: What the message asks now.
        edited_at: When it was edited. Discord sends an edit again when it adds a preview, with the
            same time.
        before: The links before the edit; None if they are unknown.
        may_add: Whether new links are answered.
    """
    message = question.message
    payload = {
        **_question(question),
        "message": message.id,
        "files": bool(question.attached.sounds or question.attached.has_voice_message),
        "before": before,
        "may_add": may_add,
    }
    edit_id = f"edit/{message.id}/{edited_at.timestamp():.6f}"
    # In the order of the message, so that it is worked off before its edits.
    return Job(message.place, edit_id, JobKind.EDIT, payload, message.id)


def reaction_job(
    reaction: discord.RawReactionActionEvent,
    parent: str | None,
    origin: EventOrigin | None,
    *,
    added: bool,
) -> Job | None:
    """Return the job for a reaction, or its removal; None if it stands for nothing.

    `origin` identifies the event, as Discord gives reactions no id.
    """
    name, user = str(reaction.emoji), str(reaction.user_id)
    payload: dict[str, Any] = {"user": user, "message": str(reaction.message_id)}
    if added and emoji.strip_modifiers(name) == DELETE:
        payload["delete"] = True
    elif parsed := emoji.parse_reaction(name):
        kind, genre = parsed
        payload |= {"vote": kind.value, "genre": genre, "added": added, "parent": parent}
    else:
        return None
    order = f"{reaction.message_id}/{user}"
    event_id = origin.event_id if origin else uuid4().hex
    return Job(ids.place(reaction), f"reaction/{event_id}", JobKind.REACTION, payload, order)


def choice_job(interaction: discord.Interaction, card_id: int, genre: str | None) -> Job:
    """Return the job for a choice in the menu; None for `genre` takes the choice back."""
    user = str(interaction.user.id)
    payload = {
        "card": card_id,
        "genre": genre,
        "message": str(interaction.message.id) if interaction.message else None,
        **({"spoiler": True} if is_hidden(interaction) else {}),
        **_answered_by_token(interaction),
    }
    order = f"{card_id}/{user}"
    return Job(ids.place(interaction), str(interaction.id), JobKind.CHOICE, payload, order)


def withdrawal_job(interaction: discord.Interaction, card_id: int, message_id: str | None) -> Job:
    """Return the job for a press in a receipt: the vote on the card is taken back.

    `message_id` displays the card.
    """
    job = choice_job(interaction, card_id, None)
    return replace(job, payload={**job.payload, "message": message_id, "on_receipt": True})


def command_job(
    interaction: discord.Interaction,
    name: str,
    attached: Attached = NOTHING,
    *,
    ephemeral: bool = False,
    spoiler: bool = False,
    **options: Any,
) -> Job:
    """Return the job for a command with its options, and files if it is about some.

    Args:
        interaction: The command.
        name: What it does.
        attached: The files.
        ephemeral: Whether only the person who asks sees the answer.
        spoiler: Whether the answer is hidden, like the message that the command is about.
        options: Its options.
    """
    payload = {
        **_attached(attached),
        **({"ephemeral": True} if ephemeral else {}),
        **({"spoiler": True} if spoiler else {}),
        "name": name,
        "options": options,
        "parent": ids.parent(interaction.channel),
        "private": interaction.context.private_channel,
        **_answered_by_token(interaction),
    }
    return Job(ids.place(interaction), str(interaction.id), JobKind.COMMAND, payload)


def pick_job(interaction: discord.Interaction, ref: SubjectRef, *, ephemeral: bool) -> Job:
    """Return the job for the choice of a track that a notice or a summary offers."""
    payload = {
        "ref": str(ref),
        "parent": ids.parent(interaction.channel),
        "private": interaction.context.private_channel,
        "ephemeral": ephemeral,
        **({"spoiler": True} if is_hidden(interaction) else {}),
        **_answered_by_token(interaction),
    }
    return Job(ids.place(interaction), str(interaction.id), JobKind.PICK, payload)


def is_ephemeral(interaction: discord.Interaction) -> bool:
    """Return whether only the person who acts sees the message whose component is used."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def is_hidden(interaction: discord.Interaction) -> bool:
    """Return whether the message whose component is used is behind a spoiler."""
    parts = interaction.message.components if interaction.message else []
    return any(isinstance(part, discord.Container) and part.spoiler for part in parts)


def release_job(interaction: discord.Interaction) -> Job:
    """Return the job for a press of the button that answers the links that wait."""
    payload = _answered_by_token(interaction)
    return Job(ids.place(interaction), str(interaction.id), JobKind.RELEASE, payload)


def question(text: str) -> str:
    """Return the links of a question, else its words as far as they may be a song's name."""
    found = links.find(text)
    return links.as_text(found) if found.links else text[: MAX_SEARCH_LENGTH + 1]


def message_of(stored: StoredJob, text: str, message_id: str | None = None) -> Message:
    """Return the message or command of a job, with its links or words as text."""
    job, payload = stored.job, stored.job.payload
    return Message(
        job.place,
        message_id or (payload["message"] if job.kind is JobKind.EDIT else job.id),
        payload["user"],
        text,
        payload["parent"],
        frozenset(payload.get("roles", ())),
        bool(payload.get("spoiler")),
    )


def sounds_of(stored: StoredJob) -> Sequence[str]:
    """Return the ids of the sound files that a job is about."""
    found: Sequence[str] = stored.job.payload.get("sounds", ())
    return found


def has_voice_message(stored: StoredJob) -> bool:
    """Return whether a job is about a voice message, perhaps among other things."""
    return bool(stored.job.payload.get("voice"))


def source_of(stored: StoredJob) -> str | None:
    """Return the message that a job is about; None for a command that is about none."""
    if stored.job.kind is JobKind.MESSAGE:
        return stored.job.id
    if stored.job.kind is JobKind.EDIT:
        return str(stored.job.payload["message"])
    source: str | None = stored.job.payload["options"].get("source")
    return source


def vote_of(stored: StoredJob) -> tuple[VoteKind, str | None]:
    """Return the kind and genre of a reaction that is a vote."""
    return VoteKind(stored.job.payload["vote"]), stored.job.payload["genre"]


def _question(question: Question) -> dict[str, Any]:
    message = question.message
    return {
        "user": message.user,
        "links": links.as_text(links.find(message.text)),
        "parent": message.parent,
        "addressed": question.addressed,
        **({"roles": sorted(message.roles)} if message.roles else {}),
        **({"spoiler": True} if message.is_spoiler else {}),
    }


def _attached(attached: Attached) -> dict[str, Any]:
    """Return the entries of a payload for files; none without one, as in most payloads."""
    sounds = {"sounds": [file.id for file in attached.sounds]} if attached.sounds else {}
    return {**sounds, **({"voice": True} if attached.has_voice_message else {})}


def _answered_by_token(interaction: discord.Interaction) -> dict[str, Any]:
    return {
        "user": str(interaction.user.id),
        "application": interaction.application_id,
        "token": interaction.token,
    }
