"""The command `audio`: a head is shipped if it beats the table, and nothing otherwise."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bot.domain.tracks import Track
from model.schema import CORE
from model.sound import embedding
from model.sound.front_end import RATE
from model.sound.fusion import Exponents
from model.sound.listener import SoundModel
from model.sound.networks import Tagged
from model.sound.tagger_bundle import LICENSE, TaggerStore
from model.verdicts import Verdict
from tests.support.factories import sound_answer
from tests.support.sounds import song
from tests.support.taggers import save_tagger
from tests.unit.training.chat_votes import vote_on
from tests.unit.training.made_up_sounds import (
    GENRES,
    MadeUp,
    labelled_clips,
    write_features,
    write_labels,
)
from training.__main__ import main
from training.commands import audio
from training.sound import examples, numbers
from training.sound.clips import Clip


@dataclass(frozen=True, slots=True)
class Place:
    """Folders of a run."""

    root: Path

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def store(self) -> TaggerStore:
        return TaggerStore(self.root / "taggers")

    def options(self, folder: Path, **fields: object) -> audio.Options:
        options = audio.Options(folder, self.out, self.root / "data", self.root / "cache")
        return replace(options, **fields)  # type: ignore[arg-type]

    def run(self, clips: list[Clip], heard: MadeUp, **fields: object) -> list[str]:
        """Run the command on made-up clips; return its lines."""
        folder = write_labels(self.root / "clips", clips)
        return list(audio.run(self.options(folder, **fields), self.store, heard.hear))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    save_tagger(tmp_path / "taggers")
    return Place(tmp_path)


def test_a_head_that_beats_the_table_is_shipped(place: Place) -> None:
    lines = place.run(labelled_clips(), MadeUp())
    bundle = TaggerStore(place.out).load()
    before = place.store.load()
    text = (place.out / "CARD.md").read_text()
    assert str(place.out / "CARD.md") in lines
    assert "cannot be told from them: latin." in text
    assert f"version `{bundle.metadata.version}`" in text
    assert "### head less table" in text
    assert lines[-2] == (
        f"Shipped: musicnn {bundle.metadata.version} in {place.out}, "
        "with a head for rock, hip-hop, reggae."
    )
    assert lines[-1] == (
        f"To use it, set TAGGERS_DIR={place.out} in the bot's settings and start it again; "
        "`soundslike listen` has the option --taggers."
    )
    assert bundle.networks == before.networks
    assert bundle.metadata.version != before.metadata.version
    assert (place.out / "musicnn" / bundle.metadata.version / LICENSE).exists()
    described = bundle.metadata.head
    assert described is not None
    assert described.genres == GENRES
    assert described.inputs == ("embedding",)
    assert described.exponents is None
    assert set(described.verdicts) == set(Verdict)
    assert described.metrics["head"]["accuracy"] > described.metrics["table"]["accuracy"]
    assert described.metrics["artists"] == 36
    assert bundle.metadata.data[-1]["source"].startswith("144 clips")
    assert bundle.metadata.data[:-1] == before.metadata.data


def test_the_shipped_head_is_the_one_that_the_tagger_serves(place: Place) -> None:
    place.run(labelled_clips(), MadeUp())
    bundle = TaggerStore(place.out).load()
    assert bundle.head is not None
    rng = np.random.default_rng(7)
    reggae = [MadeUp().sound("reggae", rng) for _ in range(20)]
    best = [next(iter(bundle.head.probabilities(Tagged(s.tags, s.embedding)))) for s in reggae]
    assert best.count("reggae") > 15
    assert SoundModel(bundle).tag([np.zeros(3 * RATE, np.float32)]).embedding.shape == (200,)


def test_the_same_run_ships_the_same_version(place: Place) -> None:
    one, other = (place.run(labelled_clips(), MadeUp()) for _ in range(2))
    assert one == other


def test_a_head_among_the_shipped_bundles_needs_no_setting(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio, "SHIPPED", place.out)
    assert place.run(labelled_clips(), MadeUp())[-1].startswith("Shipped: ")


def test_a_new_head_takes_the_place_of_the_one_before(place: Place) -> None:
    place.run(labelled_clips(), MadeUp(), out=place.root / "taggers")
    first = place.store.load().metadata
    place.run(labelled_clips(), MadeUp(seed=2), out=place.root / "taggers")
    second = place.store.load().metadata
    assert second.version != first.version
    assert [entry["name"] for entry in second.data] == [entry["name"] for entry in first.data]


def test_a_head_on_shuffled_labels_is_not_shipped(place: Place) -> None:
    clips = labelled_clips()
    labels = np.random.default_rng(1).permutation([clip.label for clip in clips])
    shuffled = [replace(clip, label=str(one)) for clip, one in zip(clips, labels, strict=True)]
    artists = [replace(clip, artist="") for clip in shuffled]
    lines = place.run(artists, MadeUp())
    assert lines[-1].startswith("No head was shipped: on clips of artists that it did not hear")
    assert not place.out.exists()


def test_a_few_clips_are_not_enough(place: Place) -> None:
    clips = [clip for clip in labelled_clips() if clip.label == "rock"]
    lines = place.run([*clips, *labelled_clips()[-20:]], MadeUp())
    assert (
        "reggae     clips     20, artists    12, votes     0: too few, left to the table" in lines
    )
    assert lines[-1] == ("No head was shipped: fewer than 2 genres have 40 clips by 10 artists.")
    assert not place.out.exists()


def test_untold_genres_need_others_to_be_told_from(place: Place) -> None:
    clips = [clip for clip in labelled_clips() if clip.label == "reggae"]
    latin = [replace(c, label="latin", artist=f"latin {c.artist}") for c in labelled_clips()[:48]]
    lines = place.run([*clips, *latin], MadeUp())
    assert lines[-1] == (
        "No head was shipped: to tell latin and reggae from other genres, clips of these are "
        "needed too, 40 by 10 artists of each."
    )
    assert not place.out.exists()


def test_genres_that_a_new_one_was_not_compared_with_are_said(place: Place) -> None:
    (note,) = (line for line in place.run(labelled_clips(), MadeUp()) if line.startswith("Note"))
    assert note.startswith("Note: the head has not learned to tell reggae from metal, pop, ")
    told = [clip for clip in labelled_clips() if clip.label != "reggae"]
    lines = place.run(told, MadeUp())
    assert lines[-2].startswith("Shipped")
    assert not any(line.startswith("Note") for line in lines)


def test_what_is_left_out_is_counted(place: Place) -> None:
    others = [Clip(Path(f"rock_x{n}.ogg"), label) for n, label in enumerate(["speech", "?", "?"])]
    lines = place.run([*labelled_clips(), *others], MadeUp())
    assert lines[0] == "files with a genre: 144; left out: 1 speech, 2 no genre"


async def test_votes_on_heard_songs_train_the_head(place: Place, address: str) -> None:
    version = place.store.load().metadata.version
    rng = np.random.default_rng(3)
    for number in range(5):
        stored = embedding.to_bytes(MadeUp().sound("reggae", rng).embedding)
        track = Track(title=f"Song {number}", artists=("New Band",), sound_id=f"{number:032}")
        heard = sound_answer(track, embedding=stored, model_version=version)
        await vote_on(address, heard, votes={"a": "reggae"})
    old = sound_answer(Track(title="Old", sound_id="f" * 32), embedding=stored, model_version="0")
    await vote_on(address, old, votes={"a": "reggae"})
    lines = place.run(labelled_clips(), MadeUp(), feedback=address)
    assert "votes on songs that were heard: 5; left out: 1 another tagger heard them" in lines
    assert "reggae     clips     48, artists    12, votes     5" in lines
    bundle = TaggerStore(place.out).load()
    assert bundle.metadata.head is not None
    assert bundle.metadata.head.metrics["votes"] == 5
    assert bundle.metadata.head.metrics["head"]["clips"] == 144
    assert bundle.metadata.data[-1]["source"].endswith("5 songs with votes")
    without = list(audio.run(place.options(place.root / "clips"), place.store, MadeUp().hear))
    assert without[-2] != lines[-2]


@pytest.mark.parametrize("helps", [True, False])
def test_exponents_are_shipped_if_they_help(
    place: Place, monkeypatch: pytest.MonkeyPatch, *, helps: bool
) -> None:
    monkeypatch.setattr(audio, "MIN_CLIPS_WITH_FEATURES", 100)
    monkeypatch.setattr(numbers, "usable_tables", lambda _: ("fma",))
    clips = sorted(labelled_clips(), key=lambda clip: clip.path)  # as they are read

    def by_numbers(*arguments: object) -> list[dict[str, float]]:
        """Know nothing, or the genre of each clip."""
        assert len(arguments[2]) == len(clips)  # type: ignore[arg-type]
        if helps:
            return [dict.fromkeys(GENRES, 1 / 3) for _ in clips]
        return [dict.fromkeys(GENRES, 0.0) | {clip.label: 1.0} for clip in clips]

    monkeypatch.setattr(numbers, "genres_by_numbers", by_numbers)
    folder = write_labels(place.root / "clips", clips)
    write_features(folder, clips, dict.fromkeys(CORE, 0.5) | {"tempo": 120.0})
    lines = place.run(clips, MadeUp())
    head = TaggerStore(place.out).load().metadata.head
    assert head is not None
    assert any(line.startswith("exponents: numbers") for line in lines)
    if helps:
        assert head.exponents is not None
        assert head.exponents.sound > 0.3
    else:
        assert head.exponents is None
    learned = Exponents(**head.metrics["exponents"]["exponents"])
    assert head.exponents in {learned, None}


def test_without_features_or_tables_there_are_no_exponents(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = labelled_clips()
    lines = place.run(clips, MadeUp())
    assert "exponents: none; 0 clips have audio features, 200 are needed" in lines
    monkeypatch.setattr(audio, "MIN_CLIPS_WITH_FEATURES", 100)
    write_features(place.root / "clips", clips, dict.fromkeys(CORE, 0.5) | {"tempo": 120.0})
    lines = place.run(clips, MadeUp())
    assert f"exponents: none; there are no training tables in {place.root / 'data'}" in lines


def test_a_missing_folder_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audio", "--folder", str(tmp_path / "none"), "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err.strip() == f"{tmp_path / 'none'} does not exist"


@pytest.mark.long
@pytest.mark.training
def test_sounds_of_two_kinds_are_told_apart_by_the_shipped_networks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table says electronic of both kinds, so that a head has something to learn."""
    monkeypatch.setattr(examples, "MIN_CLIPS", 8)
    monkeypatch.setattr(examples, "MIN_ARTISTS", 8)
    rng = np.random.default_rng(0)
    for number in range(8):
        for genre, sound in (
            ("electronic", song(3.0, bpm=110 + 2 * number, seed=number)),
            ("jazz", _plucked(3.0, rng)),
        ):
            (tmp_path / "clips" / genre).mkdir(parents=True, exist_ok=True)
            soundfile.write(tmp_path / "clips" / genre / f"{number}.wav", sound, 44_100)
    arguments = ["audio", "--folder", str(tmp_path / "clips"), "--out", str(tmp_path / "out")]
    arguments += ["--cache", str(tmp_path / "cache"), "--data", str(tmp_path), "--processes", "1"]
    assert main(arguments) == 0
    assert "clips heard: 16" in (first := capsys.readouterr().out)
    assert "Shipped: musicnn" in first
    head = TaggerStore(tmp_path / "out").load().metadata.head
    assert head is not None
    assert head.metrics["head"]["accuracy"] == 1
    assert main(arguments) == 0
    assert capsys.readouterr().out == first


def _plucked(
    seconds: float, rng: np.random.Generator
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return soft notes of a pentatonic scale, two in a second."""
    times = np.arange(int(seconds * 44_100)) / 44_100
    notes = 220 * 2 ** (rng.choice([0, 3, 5, 7, 10, 12], int(seconds * 2)) / 12)
    return np.asarray(
        0.3
        * np.sin(2 * np.pi * notes[(times * 2).astype(int)] * times)
        * np.exp(-4 * (times * 2 % 1))
    )
