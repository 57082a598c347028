"""Titles and artists' names in comparable form."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.song_names import SongName, Title, bracketed, normal
from bot.domain.tracks import Track
from bot.domain.versions import Version


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Beyoncé", "beyonce"),
        ("Motörhead", "motorhead"),
        ("Don\N{RIGHT SINGLE QUOTATION MARK}t Look Back", "dont look back"),
        ("Rollin' & Tumblin'", "rollin and tumblin"),
        ("R.E.M.", "rem"),
        ("P!nk", "pink"),
        ("A$AP Rocky", "asap rocky"),
        ("\uff26\uff55\uff4c\uff4c width", "full width"),
        ("STRASSE Straße", "strasse strasse"),
        ("Ærø Łódź", "aero lodz"),
        ("夜に駆ける", "夜に駆ける"),
        ("ガッチャ!", "ガッチャ"),
        ("Звезда по имени Солнце", "звезда по имени солнце"),
        ("좋은 날", "좋은 날"),
        ("तुम ही हो", "तुम ही हो"),
        ("ข้อความ", "ข้อความ"),
        ("zero\u200bwidth", "zerowidth"),
        ("???", "???"),
        ("  ", ""),
    ],
)
def test_words_without_case_accents_and_punctuation(text: str, words: str) -> None:
    assert normal(text) == words


def test_a_letter_is_the_same_composed_and_decomposed() -> None:
    assert normal("カ\u3099") == normal("ガ") != normal("カ")
    assert normal("e\u0301") == normal("\u00e9") == "e"


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.text(alphabet="ab ()[]\uff08\uff09-\u2013.ft", max_size=60))
def test_brackets_lose_no_letter(text: str) -> None:
    kept = "".join(part for part, _ in bracketed(text))
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    ("title", "name", "short"),
    [
        ("Wonderwall - Remastered", "wonderwall", "wonderwall"),
        ("Bohemian Rhapsody - 2011 Mix", "bohemian rhapsody", "bohemian rhapsody"),
        ("Heroes - 2017 Remaster", "heroes", "heroes"),
        ("Sandstorm - Radio Edit", "sandstorm", "sandstorm"),
        ("(I Can't Get No) Satisfaction - Mono", "i cant get no satisfaction", "satisfaction"),
        ("Don't You (Forget About Me)", "dont you forget about me", "dont you"),
        ("Bailando - Spanish Version", "bailando spanish version", "bailando"),
        ("Live Forever", "live forever", "live forever"),
        ("Video Killed the Radio Star (Official Video)", *["video killed the radio star"] * 2),
        ("(Live)", "live", "live"),
        ("Unclosed (Remastered 2009", "unclosed", "unclosed"),
        ("Nested (Live [at Wembley])", "nested", "nested"),
        ("???", "???", "???"),
    ],
)
def test_title_without_notes(title: str, name: str, short: str) -> None:
    song = SongName.of(Track(title=title, artists=("X",)))
    assert (song.title, song.short) == (name, short)


@pytest.mark.parametrize(
    ("title", "artist", "versions"),
    [
        ("Wonderwall", "Oasis", set()),
        ("Wonderwall - Remastered 2014", "Oasis", set()),
        ("Bohemian Rhapsody - 2011 Mix", "Queen", set()),
        ("Sandstorm - Radio Edit", "Darude", set()),
        ("Strobe - Club Edit", "deadmau5", {Version.REMIX}),
        ("Wonderwall (Live at Knebworth)", "Oasis", {Version.LIVE}),
        ("Wonderwall - MTV Unplugged", "Oasis", {Version.LIVE}),
        ("Wonderwall (Originally Performed by Oasis)", "Someone", {Version.KARAOKE}),
        ("Wonderwall", "Zoom Karaoke", {Version.KARAOKE}),
        ("Wonderwall", "The Oasis Tribute Band", {Version.COVER}),
        ("Wonderwall - Sped Up", "X", {Version.SPED_UP}),
        ("Wonderwall Nightcore", "X", {Version.SPED_UP}),
        ("Wonderwall (Slowed + Reverb)", "X", {Version.SLOWED}),
        ("Wonderwall [8D Audio]", "X", {Version.EIGHT_D}),
        ("All the Time - Don Diablo Remix", "Zara Larsson", {Version.REMIX}),
        ("All the Time (Acoustic)", "Zara Larsson", {Version.ACOUSTIC}),
        ("Lemon (ライブ)", "米津玄師", {Version.LIVE}),
        ("Live and Let Die", "Wings", set()),
        ("Cover Me Up", "Jason Isbell", set()),
        ("Lightning Crashes", "Live", set()),
        ("Old Version", "X", set()),
    ],
)
def test_versions_are_told_by_notes_and_by_some_artists(
    title: str, artist: str, versions: set[Version]
) -> None:
    assert SongName.of(Track(title=title, artists=(artist,))).versions == versions


@pytest.mark.parametrize(
    ("title", "guests"),
    [
        ("Crazy In Love (feat. Jay-Z)", ("Jay-Z",)),
        ("I Don't Care (with Justin Bieber)", ("Justin Bieber",)),
        ("Song ft. A, B & C", ("A", "B", "C")),
        ("Song featuring A - Remix", ("A",)),
        ("Feathers", ()),
        ("With or Without You", ()),
    ],
)
def test_guests_are_no_part_of_the_name(title: str, guests: tuple[str, ...]) -> None:
    assert Title.of(title).guests == guests


def test_names_that_an_artists_name_consists_of() -> None:
    song = SongName.of(Track(title="Jamming", artists=("Bob Marley & The Wailers",)))
    assert song.artists == ("bob marley and the wailers",)
    assert song.others == ("bob marley", "wailers")
    assert SongName.of(Track(title="x", artists=("The Beatles",))).artists == ("beatles",)


def test_one_song_and_one_recording() -> None:
    def name(title: str, *artists: str) -> SongName:
        return SongName.of(Track(title=title, artists=artists))

    original = name("Wonderwall", "Oasis")
    assert original.is_same_recording(name("WONDERWALL - Remastered", "oasis"))
    assert original.is_same_song(name("Wonderwall (Live)", "Oasis"))
    assert not original.is_same_recording(name("Wonderwall (Live)", "Oasis"))
    assert not original.is_same_song(name("Wonderwall", "Ryan Adams"))
    assert not original.is_same_song(name("Supersonic", "Oasis"))
    one, other = name("Love (A Remix)", "X"), name("Love (B Remix)", "X")
    assert not one.is_same_recording(other)
    assert name("Jamming", "Bob Marley").is_same_song(name("Jamming", "Bob Marley & The Wailers"))


@pytest.mark.parametrize("unit", ["(", "([", ")", "- ", "feat. ", "a ", "live ", "'", "\u0301"])
def test_a_long_title_takes_no_longer_than_a_short_one(unit: str) -> None:
    start = time.process_time()
    SongName.of(Track(title=unit * 100_000, artists=(unit * 100_000,)))
    assert time.process_time() - start < 0.5
