"""Sentences about sound: what is heard, why a file is not answered, who waits."""

import re
from collections.abc import Mapping
from typing import Final

from bot.domain.cards import Answer
from bot.domain.errors import NotAudio, NotMusic
from bot.domain.filing import Agreement
from bot.domain.sanitize import one_line
from bot.domain.sound_ports import MAX_UPLOAD_BYTES
from bot.domain.text import is_visible
from bot.domain.tracks import Track
from bot.texts.numbers import LABELS, and_list, capitalise, format_feature, or_list, percent
from model.sound import tag_words
from model.sound.errors import Problem
from model.sound.format_table import COMMON
from model.sound.heard import Heard, NoMusic
from model.sound.tag_genres import tag_genres
from model.verdicts import Verdict

VOICE_MESSAGE: Final = (
    "I don't listen to voice messages; they are yours. Drop a music file and I will."
)

HEARD: Final = "Heard"
"""Heading of the tags in a chart."""

MAX_TAGS: Final = 5
"""Tags that a chart displays."""

MAX_FILE_NAME: Final = 80
"""Characters of a file's name in a sentence."""

INSTALL: Final = "pip install 'soundslike[audio]'"
"""Command that installs what reads the formats of the extra."""

WHOLE: Final = 1.0
"""Seconds by which what was heard may be shorter than the sound that was heard in full."""

_WAITING: Final = re.compile(
    r"“.*” (is next|waits for its turn: [0-9]+ sounds? before it)\.", re.DOTALL
)

_PROBLEMS: Final[Mapping[Problem, str]] = {
    Problem.EMPTY: "There is no sound in {named}: it is empty. Send it once more?",
    Problem.TOO_BIG: (
        "{Named} is too big for me. Send it as an mp3, or a part of it, of at most "
        f"{MAX_UPLOAD_BYTES >> 20} MB."
    ),
    Problem.TOO_LONG: "{Named} is longer than 3 hours, too long for me. Send a part of it?",
    Problem.TOO_SHORT: "{Named} is too short: I need at least a second.",
    Problem.DAMAGED: "I can't play {named}: it is damaged or cut off. Send it once more?",
    Problem.PROTECTED: (
        "{Named} is copy-protected; I can't listen to it. A file without copy protection will do."
    ),
    Problem.PLAYLIST: "{Named} is a list of songs, not a song: paste the links to the songs.",
    Problem.NOT_SOUND: f"{{Named}} is no sound file that I know. I listen to {and_list(COMMON)}.",
    Problem.MISSING: "I can't find {named}: there is no such file, or not any more.",
    Problem.UNREADABLE: "I may not read {named}: its permissions don't let me.",
    Problem.NO_PERMISSION: (
        "I may not open files here yet, so {named} must wait. Whoever set me up can allow it."
    ),
    Problem.NOT_VISIBLE: (
        "I'm not allowed to open {named}. Invite me to its channel, or send it to me directly."
    ),
    Problem.ELSEWHERE: "{Named} is kept by another service, which I don't ask. Upload the file?",
}


def sound_title(number: int | None) -> str:
    """Return the title of a file in a chat, whose name is not kept; its number among several."""
    return "Your sound file" if number is None else f"Your sound file {number}"


def waiting_to_listen(name: str, before: int) -> str:
    """Return the sentence for whoever waits; `before` sounds are heard first."""
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


def heard_tags(heard: Heard) -> dict[str, float]:
    """Return the tags that a chart displays, with their probabilities, the highest first.

    They are those that are said, at most MAX_TAGS.
    """
    said = tag_words.worth_saying(heard.tags)
    vocals = (said.vocals,) if said.vocals else ()
    drawn = (*said.words[: MAX_TAGS - len(vocals)], *vocals)
    return dict(sorted(((name, heard.tags[name]) for name in drawn), key=lambda tag: -tag[1]))


def figures(heard: Heard) -> dict[str, str]:
    """Return the tempo, key and loudness measured in a sound, by label, where they are known."""
    known: dict[str, str] = {}
    if heard.tempo is not None:
        known["tempo"] = tempo(heard.tempo, heard.other_tempo)
    if heard.key is not None:
        known["key"] = f"perhaps {heard.key}"
    if heard.loudness is not None:
        known["loudness"] = loudness(heard.loudness)
    return {LABELS[name]: figure for name, figure in known.items()}


def tempo(value: float, other: float | None) -> str:
    """Return a tempo measured in a sound, and the half or double if that is nearly as likely."""
    doubt = "" if other is None else f" or {other:.0f}"
    return f"{format_feature('tempo', value)}{doubt}"


def loudness(value: float) -> str:
    """Return an integrated loudness in LUFS."""
    return f"{value:.1f} LUFS"


def alt(heard: Heard) -> str:
    """Return what a chart of an answer by sound alone displays beside the genres."""
    tags = [f"{name} {percent(p)}" for name, p in heard_tags(heard).items()]
    measured = [f"{label} {figure}." for label, figure in figures(heard).items()]
    return " ".join([*([f"{HEARD}: {', '.join(tags)}."] if tags else []), *measured])


def sound_opinion(answer: Answer) -> str:
    """Return the sound's own opinion beside that of the features, and whether they agree.

    Empty without both: by sound alone, the verdict is that of the sound.
    """
    heard = answer.heard
    if heard is None or answer.by_sound_alone:
        return ""
    if heard.no_music or not heard.genres:
        return f"From the sound: {heard.no_music}, no music." if heard.no_music else ""
    if heard.verdict is Verdict.UNSURE:
        return "From the sound: cannot tell."
    genres = or_list(heard.named)
    if answer.prediction.verdict is Verdict.UNSURE:
        return f"From the sound: {genres}."
    match answer.sound_agreement:
        case Agreement.AGREES:
            return f"The sound agrees: {genres}."
        case Agreement.PARTLY:
            return f"The sound agrees in part: {genres}."
        case Agreement.DISAGREES:
            return f"The sound says {genres}; the figures say {or_list(answer.prediction.named)}."
        case _:
            return f"From the sound: {genres}."


def verdict(answer: Answer) -> str:
    """Return the verdict of an answer by sound alone."""
    prediction = answer.prediction
    if prediction.verdict is Verdict.UNSURE:
        return f"Cannot tell from the sound: {or_list(prediction.named)}."
    return f"Sounds like {or_list(prediction.named)}, from the sound alone."


def how_much(heard: Heard, track: Track) -> str:
    """Return how much of a sound was heard: a file has an id as a sound, others have a preview."""
    if track.sound_id is None:
        return f"Heard a preview of {heard.seconds:.0f} s."
    if heard.seconds > heard.duration - WHOLE:
        return "Heard in full."
    return f"Heard {heard.seconds:.0f} s of {format_feature('duration_ms', heard.duration * 1000)}."


def unhearable(answer: Answer) -> str:
    """Return which genres an answer by sound alone cannot name; empty if it can name all."""
    untold = tag_genres().untold
    genres = and_list(genre for genre in untold if genre not in answer.prediction.genres)
    return f"{capitalise(genres)} can't be told from sound." if genres else ""


def failure(error: NotAudio | NotMusic, name: str) -> str:
    """Return why a file is not answered; `name` is its name, which may be empty."""
    named = _quoted(name) if is_visible(name) else "that file"
    return not_audio(error, named) if isinstance(error, NotAudio) else not_music(error, named)


def not_audio(error: NotAudio, named: str) -> str:
    """Return why a file cannot be listened to, and what to do; `named` is its name in quotes."""
    if error.problem is Problem.NOT_INSTALLED:
        kind = f"{error.format} files" if error.format else named
        return f"I can't read {kind} here ({INSTALL} adds that). An mp3, wav or flac will do."
    return _PROBLEMS[error.problem].format(named=named, Named=capitalise(named))


def cannot_listen(named: str, later: str) -> str:
    """Return that a file cannot be listened to now; `later` says when to try again."""
    return f"I can't listen to {named} right now. Please try again {later}."


def not_music(error: NotMusic, named: str) -> str:
    """Return that a file is no music, and what is heard instead; `named` is its name in quotes."""
    if error.instead is NoMusic.SILENCE:
        return f"I hear only silence in {named}, so I can't say a genre."
    return f"I hear {error.instead.value} in {named}, no music, so I can't say a genre."


def _quoted(name: str) -> str:
    return f"“{one_line(name, MAX_FILE_NAME)}”"
