"""What `check` says about listening."""

from typing import NoReturn

import pytest

from bot.cli import check_sound
from bot.runtime.settings import Settings
from model.errors import BundleInvalid
from model.sound import decoding
from model.sound.errors import ListeningFailed
from model.sound.sandbox import Protection
from model.sound.tagger_bundle import TaggerStore


def said(monkeypatch: pytest.MonkeyPatch, *missing: Protection, **settings: object) -> str:
    monkeypatch.setattr(decoding, "protections", lambda: frozenset(set(Protection) - set(missing)))
    findings = check_sound.findings(Settings(**settings))  # type: ignore[arg-type]
    return "\n".join(f"{ok} {sentence}" for sentence, ok in findings)


def test_a_confined_decoder_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "True the process that reads sound files reaches neither" in said(monkeypatch)


def test_missing_limits_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(monkeypatch, Protection.SYSTEM_CALLS, Protection.NO_PROCESSES)
    assert "None the process that reads sound files is confined less" in text
    assert "no limit on starting processes and system calls" in text


def test_a_decoder_that_does_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> frozenset[Protection]:
        raise ListeningFailed("no interpreter")

    monkeypatch.setattr(decoding, "protections", fail)
    assert list(check_sound.findings(Settings())) == [
        ("sound files cannot be listened to: no interpreter", False)
    ]


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_sound, "find_spec", lambda _: None)
    assert "None m4a and aac files are not read" in said(monkeypatch)


@pytest.mark.parametrize("previews", [("itunes",), ("deezer", "itunes")])
def test_previews_of_aac_cannot_be_heard_without_the_extra(
    monkeypatch: pytest.MonkeyPatch, previews: tuple[str, ...]
) -> None:
    monkeypatch.setattr(check_sound, "find_spec", lambda _: None)
    text = said(monkeypatch, previews=previews, reccobeats_analysis=True)
    assert "None previews of iTunes cannot be heard" in text
    assert ("True listens to previews of Deezer" in text) is ("deezer" in previews)
    assert "PREVIEWS names none" not in text


def test_previews_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_sound, "find_spec", lambda _: True)
    text = said(monkeypatch, previews=("deezer", "itunes"), reccobeats_analysis=True)
    assert "True listens to previews of Deezer and iTunes and sends them to ReccoBeats;" in text
    assert "cannot be heard" not in text
    assert "previews" not in said(monkeypatch)


def test_an_analysis_without_previews_is_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "None RECCOBEATS_ANALYSIS sends previews" in said(monkeypatch, reccobeats_analysis=True)


def test_the_limits_of_this_machine_are_tried() -> None:
    assert decoding.protections() <= set(Protection)


def test_damaged_networks_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(_: TaggerStore) -> NoReturn:
        raise BundleInvalid("msd.onnx is damaged")

    monkeypatch.setattr(TaggerStore, "load", damaged)
    assert "False sound files cannot be listened to: msd.onnx is damaged" in said(monkeypatch)
