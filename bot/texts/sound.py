"""Sentences about sound: what is heard, why a file is not answered, who waits."""

import re
from collections.abc import Mapping
from typing import Final

from bot.domain.cards import Answer, displayed_genres
from bot.domain.errors import NotAudio, NotMusic
from bot.domain.filing import Agreement
from bot.domain.sanitize import one_line
from bot.domain.sound_ports import MAX_UPLOAD_BYTES, MAX_UPLOADS
from bot.domain.text import is_visible
from bot.domain.tracks import Track
from bot.texts.numbers import and_list, capitalise, format_feature, or_list, signed
from model.sound import tag_words
from model.sound.errors import Problem
from model.sound.format_table import COMMON
from model.sound.heard import Heard, NoMusic
from model.sound.limits import LIMITS
from model.sound.tag_genres import tag_genres
from model.verdicts import Verdict

VOICE_MESSAGE: Final = (
    "I don't listen to voice messages; they are yours. Drop a sound file and I will."
)

HEARD: Final = "Heard"
GENRE: Final = "Genre"
"""Headings of the words and of the genres in a chart."""

MAX_FILE_NAME: Final = 80
"""Characters of a file's name in a sentence."""


WHOLE: Final = 1.0
"""Seconds by which what was heard may be shorter than the sound that was heard in full."""

HOUR: Final = 3600
MEGABYTE: Final = 1 << 20
GIGABYTE: Final = 1 << 30

_WAITING: Final = re.compile(
    r"“.*” (is next|waits for its turn: [0-9]+ sounds? before it)\.", re.DOTALL
)

_PROBLEMS: Final[Mapping[Problem, str]] = {
    Problem.EMPTY: "There is no sound in {named}: it is empty. Is there another copy?",
    Problem.TOO_BIG: (
        "{Named} is too big for me: I listen to at most {limit}. An mp3 of it, or a part, will do."
    ),
    Problem.TOO_LONG: (
        f"{{Named}} is longer than {LIMITS.sound_seconds / HOUR:.0f} hours, too long for me. "
        "A part of it will do."
    ),
    Problem.TOO_SHORT: "{Named} is too short: I need at least a second.",
    Problem.DAMAGED: "I can't play {named}: it is damaged or cut off. Is there another copy?",
    Problem.PROTECTED: (
        "{Named} is copy-protected; I can't listen to it. A file without copy protection will do."
    ),
    Problem.PLAYLIST: "{Named} is a list of songs, not a song: paste the links to the songs.",
    Problem.NOT_SOUND: f"{{Named}} is no sound file that I know. I listen to {and_list(COMMON)}.",
    Problem.MISSING: "I can't find {named}: there is no such file, or not any more.",
    Problem.UNREADABLE: "I may not read {named}: its permissions don't let me.",
    Problem.NO_PERMISSION: (
        "I may not open files here yet. When my operator allows it, send {named} again."
    ),
    Problem.NOT_VISIBLE: (
        "I'm not allowed to open {named}. Invite me to its channel, or send it to me directly."
    ),
    Problem.ELSEWHERE: "{Named} is kept by another service, which I don't ask. Upload the file?",
}


def sound_title(number: int | None) -> str:
    """Return the title of a file in a chat, whose name is not kept; its number among several."""
    return "Your sound file" if number is None else f"Your sound file {number}"


def files_left(number: int) -> str:
    """Return that a message has too many files, which are `number`, and what to do."""
    others = "other" if number == MAX_UPLOADS + 1 else "others"
    return (
        f"I took the first {MAX_UPLOADS} of your {number} files; send the {others} in another "
        "message."
    )


def waiting_to_listen(name: str, before: int) -> str:
    """Return how many sounds come before a file in the queue, as a sentence."""
    if before <= 0:
        return f"{_quoted(name)} is next."
    sounds = "1 sound" if before == 1 else f"{before} sounds"
    return f"{_quoted(name)} waits for its turn: {sounds} before it."


def is_waiting(text: str) -> bool:
    """Return whether a text is a sentence that `waiting_to_listen` returned."""
    return _WAITING.fullmatch(text) is not None


def heard_line(answer: Answer) -> str:
    """Return what is heard, in words; empty without a sound, tags or anything worth saying."""
    if answer.heard is None:
        return ""
    words = tag_words.worth_saying(answer.heard.tags).text
    return f"{HEARD}: {words}." if words else ""


def heard_beside_genres(answer: Answer) -> tuple[str, ...]:
    """Return the words of `heard_line`, in its order, without those that are displayed genres."""
    if answer.heard is None:
        return ()
    said, genres = tag_words.worth_saying(answer.heard.tags), displayed_genres(answer)
    words = (*said.words, said.vocals) if said.vocals else said.words
    return tuple(word for word in words if word not in genres)


def loudness(value: float) -> str:
    """Return an integrated loudness in LUFS."""
    return f"{signed(value)} LUFS"


def key(name: str) -> str:
    """Return a key as `Heard` names it, such as `Bb minor`, with the signs of music."""
    tonic, _, mode = name.partition(" ")
    return f"{tonic.replace('#', '♯').replace('b', '♭')} {mode}"


def alt(answer: Answer) -> str:
    """Return what a chart of an answer by sound alone displays beside the genres."""
    words = heard_beside_genres(answer)
    return f"{HEARD}: {', '.join(words)}." if words else ""


def contradicts(answer: Answer) -> bool:
    """Return whether the sound contradicts a verdict that is on the figures alone."""
    return answer.sound_agreement is Agreement.DISAGREES and not answer.by_numbers


def sound_opinion(answer: Answer) -> str:
    """Return the sound's own opinion beside that of the features, and whether they agree.

    Empty without both: by sound alone, the verdict is that of the sound.
    """
    heard = answer.heard
    if heard is None or answer.by_sound_alone or not heard.genres:
        return ""
    if heard.verdict is Verdict.UNSURE:
        return "By ear it is hard to say."
    genres = or_list(heard.named)
    if answer.by_numbers:
        return _beside_figures(answer, genres)
    match answer.sound_agreement:
        case Agreement.AGREES:
            same = heard.named == answer.prediction.named
            return "Its sound agrees." if same else f"Its sound agrees: {genres}."
        case Agreement.PARTLY:
            return f"Its sound agrees in part: {genres}."
    if beyond := _beyond(answer):
        return f"Its sound says {genres}, but I can't tell {or_list(beyond)} by ear."
    return f"Its sound says {genres}."


def _beside_figures(answer: Answer, genres: str) -> str:
    """Return what sound and figures say each, where the verdict is on both of them."""
    if answer.sound_agreement is Agreement.AGREES:
        return "Its figures and its sound agree."
    if answer.verdict_on_features is Verdict.UNSURE:
        return f"Its sound says {genres}; its figures alone do not tell."
    beyond = _beyond(answer)
    ending = f" (I can't tell {or_list(beyond)} by ear)" if beyond else ""
    return f"Its sound says {genres}; its figures say {or_list(answer.named_by_features)}{ending}."


def _beyond(answer: Answer) -> tuple[str, ...]:
    """Return the genres for which sound and figures cannot be compared."""
    is_open = answer.sound_agreement is Agreement.UNKNOWN
    has_opinion = answer.verdict_on_features is not Verdict.UNSURE
    return answer.beyond_the_sound if is_open and has_opinion else ()


def how_much(heard: Heard, track: Track) -> str:
    """Return how much of a sound was heard: a file has an id as a sound, others have a preview."""
    if track.sound_id is None:
        return f"Heard a preview of {heard.seconds:.0f} s."
    if heard.seconds > heard.duration - WHOLE:
        return "Heard in full."
    return f"Heard {heard.seconds:.0f} s of {format_feature('duration_ms', heard.duration * 1000)}."


def unhearable(answer: Answer) -> str:
    """Return which genres an answer by sound alone cannot name; empty if it can name all."""
    genres = [one for one in tag_genres().untold if one not in answer.prediction.genres]
    return f"I can't recognise {or_list(genres)} by ear." if genres else ""


def failure(error: NotAudio | NotMusic, name: str) -> str:
    """Return why a file is not answered; `name` is its name, which may be empty."""
    named = _quoted(name) if is_visible(name) else "that file"
    return not_audio(error, named) if isinstance(error, NotAudio) else not_music(error, named)


def not_audio(error: NotAudio, named: str) -> str:
    """Return why a file cannot be listened to, and what to do; `named` is its name in quotes."""
    if error.problem is Problem.NOT_INSTALLED:
        kind = f"{error.format} files" if error.format else named
        return f"I can't read {kind} here. Send an mp3, wav or flac."
    limit = size(error.limit or MAX_UPLOAD_BYTES)
    return _PROBLEMS[error.problem].format(named=named, Named=capitalise(named), limit=limit)


def cannot_listen(named: str, later: str) -> str:
    """Return that a file cannot be listened to now; `later` says when to try again."""
    return f"I can't listen to {named} right now. Please try again {later}."


def not_music(error: NotMusic, named: str) -> str:
    """Return that a file is no music, and what is heard instead; `named` is its name in quotes."""
    if error.instead is NoMusic.SILENCE:
        return f"I hear only silence in {named}, so I can't say a genre."
    return f"I hear {error.instead.value} in {named}, no music, so I can't say a genre."


def size(bytes_: int) -> str:
    """Return a size in whole gigabytes, or else in megabytes."""
    if bytes_ % GIGABYTE == 0:
        return f"{bytes_ // GIGABYTE} GB"
    return f"{bytes_ // MEGABYTE} MB"


def _quoted(name: str) -> str:
    return f"“{one_line(name, MAX_FILE_NAME)}”"
