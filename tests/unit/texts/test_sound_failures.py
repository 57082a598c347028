"""Why a file is not answered, and who waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain.errors import NotAudio, NotMusic
from bot.domain.sound_ports import MAX_UPLOAD_BYTES
from bot.texts import manners, slack, web_page
from model.sound.errors import Problem
from model.sound.heard import NoMusic
from model.sound.limits import LIMITS

MAX_LENGTH = 200


@pytest.mark.parametrize(
    ("problem", "part"),
    [
        (Problem.EMPTY, "it is empty"),
        (Problem.TOO_BIG, f"{MAX_UPLOAD_BYTES // 2**20} MB"),
        (Problem.TOO_LONG, "longer than 3 hours"),
        (Problem.EMPTY, "Is there another copy?"),
        (Problem.DAMAGED, "damaged"),
        (Problem.PROTECTED, "copy-protected"),
        (Problem.PLAYLIST, "paste the links"),
        (Problem.NOT_SOUND, "I listen to mp3, ogg, opus, wav, flac and aiff."),
        (Problem.MISSING, "there is no such file"),
        (Problem.NO_PERMISSION, "send “x.mp3” again"),
        (Problem.NOT_VISIBLE, "Invite me to its channel"),
        (Problem.ELSEWHERE, "Upload the file?"),
    ],
)
def test_problem_is_said_with_the_files_name(problem: Problem, part: str) -> None:
    sentence = texts.failure(NotAudio(problem), "x.mp3")
    assert "“x.mp3”" in sentence
    assert part in sentence


@pytest.mark.parametrize(
    ("format_", "sentence"),
    [
        ("m4a", "I can't read m4a files here. Send an mp3, wav or flac."),
        ("", "I can't read “x.m4a” here. Send an mp3, wav or flac."),
    ],
)
def test_format_of_a_missing_extra_is_said_with_those_that_are_read(
    format_: str, sentence: str
) -> None:
    assert texts.failure(NotAudio(Problem.NOT_INSTALLED, format_), "x.m4a") == sentence


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (6, "I took the first 5 of your 6 files; send the other in another message."),
        (7, "I took the first 5 of your 7 files; send the others in another message."),
    ],
)
def test_files_that_are_left_are_counted(number: int, sentence: str) -> None:
    assert texts.files_left(number) == sentence


def test_limit_that_the_file_exceeds_is_said() -> None:
    local = texts.failure(NotAudio(Problem.TOO_BIG, limit=LIMITS.file_bytes), "x.wav")
    assert "at most 1 GB" in local
    assert "at most 64 MB" in texts.failure(NotAudio(Problem.TOO_BIG), "x.wav")


@pytest.mark.parametrize("problem", [Problem.EMPTY, Problem.DAMAGED, Problem.TOO_BIG])
def test_what_is_said_in_a_terminal_too_asks_to_send_nothing(problem: Problem) -> None:
    assert "send" not in texts.failure(NotAudio(problem), "x.mp3").casefold()


@pytest.mark.parametrize(
    ("instead", "sentence"),
    [
        (NoMusic.SPEECH, "I hear speech in “x.ogg”, no music, so I can't say a genre."),
        (NoMusic.NOISE, "I hear noise in “x.ogg”, no music, so I can't say a genre."),
        (NoMusic.SILENCE, "I hear only silence in “x.ogg”, so I can't say a genre."),
    ],
)
def test_no_music_is_said_with_what_is_heard(instead: NoMusic, sentence: str) -> None:
    assert texts.failure(NotMusic(instead), "x.ogg") == sentence


@pytest.mark.parametrize("error", [*map(NotAudio, Problem), *map(NotMusic, NoMusic)], ids=str)
def test_file_without_a_name_is_that_file(error: NotAudio | NotMusic) -> None:
    sentence = texts.failure(error, "\u200b")
    assert "hat file" in sentence
    assert sentence[0].isupper()


@given(
    name=st.text(max_size=2000),
    error=st.sampled_from([*map(NotAudio, Problem), *map(NotMusic, NoMusic)]),
)
def test_any_name_leaves_one_short_line(name: str, error: NotAudio | NotMusic) -> None:
    for sentence in (texts.failure(error, name), texts.waiting_to_listen(name, 1)):
        assert len(sentence) <= MAX_LENGTH
        assert len(sentence.splitlines()) == 1
        assert not set("\x1b\u202e\u2067") & set(sentence)


def test_whoever_waits_is_told_how_many_sounds_come_before() -> None:
    assert [texts.waiting_to_listen("x.mp3", before) for before in (0, 1, 3)] == [
        "“x.mp3” is next.",
        "“x.mp3” waits for its turn: 1 sound before it.",
        "“x.mp3” waits for its turn: 3 sounds before it.",
    ]


@pytest.mark.parametrize("help_text", [manners.HELP, slack.HELP_TEXT])
def test_help_of_the_chats_says_that_nothing_is_learned_from_files(help_text: str) -> None:
    assert "drop a sound file" in help_text
    assert "learn from it, except on sound files" in help_text


def test_help_and_hint_mention_sound_files() -> None:
    assert "drop a sound file" in web_page.HELP
    assert "and to sound files" in texts.HINT
