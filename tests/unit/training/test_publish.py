"""`python -m training publish`; for the model store see tests/contract/test_model_store.py."""

from pathlib import Path

import pytest

from model.bundle import MODEL
from model.signature import public_keys
from model.store import BundleStore
from tests.support.factories import save_bundle
from training.__main__ import main


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return a folder with both models."""
    for name in ("wide", "study"):
        save_bundle(tmp_path / "made", name, version="7")
    return tmp_path / "made"


def test_all_models_are_published_by_default(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    everything, one = tmp_path / "everything", tmp_path / "one"
    assert main(["publish", str(everything), "--bundles", str(made)]) == 0
    assert capsys.readouterr().out == f"{everything}: wide 7\n{everything}: study 7\n"
    assert BundleStore(everything).names() == ["study", "wide"]
    assert main(["publish", f"file://{one}", "--bundles", str(made), "--model", "study"]) == 0
    assert BundleStore(one).load("study") == BundleStore(made).load("study")
    assert BundleStore(one).names() == ["study"]


def test_bundles_are_signed_with_the_key_of_the_option_or_the_environment(
    made: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, store = str(tmp_path / "signing.pem"), tmp_path / "store"
    assert main(["keygen", key]) == 0
    private, setting = capsys.readouterr().out.splitlines()
    assert private.startswith(f"{key}: private key")
    keys = public_keys(setting.removeprefix("MODEL_PUBLIC_KEY="))
    publish = ["publish", str(store), "--bundles", str(made), "--model"]
    assert main([*publish, "wide", "--key", key]) == 0
    monkeypatch.setenv("MODEL_SIGNING_KEY", key)
    assert main([*publish, "study"]) == 0
    assert capsys.readouterr().out == f"{store}: wide 7, signed\n{store}: study 7, signed\n"
    assert [BundleStore(store, keys).load(name).metadata.name for name in ("study", "wide")] == [
        "study",
        "wide",
    ]


def test_nothing_is_published_with_a_key_that_cannot_be_used(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, key = tmp_path / "store", tmp_path / "none.pem"
    assert main(["publish", str(store), "--bundles", str(made), "--key", str(key)]) == 1
    assert capsys.readouterr().err == f"the key {key} cannot be read: No such file or directory\n"
    assert not store.exists()


def test_address_is_printed_without_a_password(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "memory://ann:hush-hush@host/store"
    assert main(["publish", url, "--bundles", str(made), "--model", "study"]) == 0
    assert capsys.readouterr().out == "memory://host/store: study 7\n"


def test_damaged_bundle_is_a_one_line_error(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (made / "wide" / "7" / MODEL).write_bytes(b"!")
    assert main(["publish", str(tmp_path / "store"), "--bundles", str(made)]) == 1
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert "is damaged" in error
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("url", ["", " "])
def test_empty_address_is_an_error(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", url]) == 2
    assert "the address is empty" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["nonsense://store", "{}/file/store"])
def test_unusable_store_is_a_one_line_error(
    made: Path, tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["publish", url.format(tmp_path), "--bundles", str(made)]) == 1
    assert "cannot be used" in capsys.readouterr().err.strip().splitlines()[-1]
