"""The table of sound formats, and the lists of names that follow from it."""

from collections import Counter
from pathlib import PurePath

import av
import pytest

from model.sound.errors import NotAudio, Problem
from model.sound.format_table import (
    BY_NAME,
    COMMON,
    FORMATS,
    SUFFIXES,
    UNREAD_SUFFIXES,
    VIDEO_SUFFIXES,
    Library,
)
from model.sound.playlists import refuse_text
from tests.support.sound_files import KINDS, WITH_AV, WITH_SOUNDFILE, Kind


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_of_file_is_in_the_table(kind: Kind) -> None:
    suffix = PurePath(kind.name).suffix
    known = BY_NAME[kind.format]
    assert suffix in {*known.suffixes, *known.video_suffixes}


def test_every_format_is_tested_with_a_file() -> None:
    tested = {kind.format for kind in KINDS}
    assert set(BY_NAME) - tested == {"mp1", "mp2"}  # no library here writes them


def test_formats_are_read_by_what_the_table_says() -> None:
    assert {BY_NAME[kind.format].library for kind in WITH_SOUNDFILE} == {Library.SOUNDFILE}
    assert {BY_NAME[kind.format].library for kind in WITH_AV} == {Library.AV}
    demuxers = {one.demuxer for one in FORMATS if one.library is Library.AV}
    assert all(av.ContainerFormat(name, "r").is_input for name in demuxers)


def test_a_suffix_has_one_meaning() -> None:
    names = [name for one in FORMATS for name in (*one.suffixes, *one.video_suffixes)]
    assert max(Counter([*names, *UNREAD_SUFFIXES]).values()) == 1
    assert all(name.startswith(".") and name == name.casefold() for name in names)
    assert len(BY_NAME) == len(FORMATS)
    assert len(SUFFIXES) + len(VIDEO_SUFFIXES) == len(names)


def test_common_formats_are_those_that_are_read_everywhere() -> None:
    assert {BY_NAME[name].library for name in COMMON} == {Library.SOUNDFILE}
    assert COMMON == ("mp3", "ogg", "opus", "wav", "flac", "aiff")


@pytest.mark.parametrize("suffix", sorted(SUFFIXES | VIDEO_SUFFIXES | UNREAD_SUFFIXES))
def test_list_of_names_is_a_playlist(suffix: str) -> None:
    with pytest.raises(NotAudio) as caught:
        refuse_text(f"Music/one{suffix.upper()}\n".encode())
    assert caught.value.problem is Problem.PLAYLIST
