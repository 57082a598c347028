"""Sentences about sound: what is heard, why a file is not answered, who waits."""

from typing import Final

from bot.domain.cards import Answer
from bot.domain.errors import NotAudio, NotMusic

VOICE_MESSAGE: Final = (
    "I don't listen to voice messages; they are yours. Drop a music file and I will."
)

LISTENING: Final = "Listening to “"
"""Beginning of the sentence for whoever waits, by which a displayed one is recognised."""

MAX_TAGS: Final = 5
"""Tags that are said of a sound."""


def sound_title(number: int | None) -> str:
    """Return the title of a file in a chat, whose name is not kept; its number among several."""
    return "Your sound file" if number is None else f"Your sound file {number}"


def waiting_to_listen(name: str, before: int) -> str:
    """Return the sentence for whoever waits; `before` sounds are heard first."""
    queue = f"{before} before it" if before else "it is next"
    return f"{LISTENING}{name}” soon: {queue}."


def is_waiting(text: str) -> bool:
    """Return whether a text is a sentence that `waiting_to_listen` returned."""
    return text.startswith(LISTENING)


def heard_line(answer: Answer) -> str:
    """Return what is heard, in words; empty if nothing was listened to, or nothing is kept of it."""
    if answer.heard is None or not answer.heard.tags:
        return ""
    return f"Heard: {', '.join(list(answer.heard.tags)[:MAX_TAGS])}."


def sound_opinion(answer: Answer) -> str:
    """Return the sound's own opinion beside that of the features; empty without both."""
    heard = answer.heard
    if heard is None or not heard.genres:
        return ""
    if answer.by_sound_alone:
        return "From the sound alone: no figures are known."
    return f"From the sound: {heard.best}."


def not_audio(error: NotAudio, named: str) -> str:
    """Return why a file cannot be listened to, and what to do."""
    return f"I can't listen to {named}: {error.problem.value}."


def not_music(error: NotMusic, named: str) -> str:
    """Return that a file is no music."""
    return f"I hear no music in {named}, but {error.instead.value}."
