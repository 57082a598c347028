"""`make audit` and `make pin`: what they say where they can look things up, and where not."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

TIMEOUT = 60
UNAVAILABLE = 69


def run(script: str, folder: Path) -> tuple[int, str]:
    """Run a script of `.ci/` in a copy of the project; return its exit code and output."""
    (folder / ".ci").mkdir(exist_ok=True)
    copy = shutil.copy(ROOT / ".ci" / script, folder / ".ci" / script)
    done = subprocess.run(
        [sys.executable, str(copy)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def fake_pip_audit(folder: Path, **replies: Any) -> None:
    """Let `python -m pip_audit` print these replies by service; without one it fails."""
    code = f"""
import sys
replies = {replies!r}
service = sys.argv[sys.argv.index("--vulnerability-service") + 1]
assert "--require-hashes" in sys.argv and "requirements-dev.txt" in sys.argv
if service not in replies:
    sys.exit("Traceback (most recent call last):\\nConnectionError: no such host")
print(replies[service])
"""
    (folder / "pip_audit.py").write_text(code)


def reply(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


FINE = {"name": "fine", "version": "1", "vulns": []}
UNKNOWN = {"name": "unknown", "skip_reason": "not found on PyPI"}
BAD = {
    "name": "bad",
    "version": "1",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"], "aliases": [], "description": ""}],
}


@pytest.mark.parametrize(
    ("replies", "code", "said"),
    [
        ({"pypi": reply(FINE)}, 0, "PyPI: 1 packages checked, 0 with advisories"),
        ({"pypi": reply(FINE, BAD)}, 1, "bad 1: PYSEC-1; fixed in: 2"),
        ({"pypi": reply(UNKNOWN), "osv": reply(FINE)}, 0, "OSV: 1 packages checked"),
        ({"pypi": reply(UNKNOWN, BAD)}, 1, "bad 1: PYSEC-1"),
        ({"pypi": reply(UNKNOWN, FINE)}, UNAVAILABLE, "1 packages checked, 1 unknown there"),
        ({"pypi": reply()}, UNAVAILABLE, "NOT AUDITED"),
        ({"pypi": "nonsense"}, UNAVAILABLE, "NOT AUDITED"),
        ({}, UNAVAILABLE, "ConnectionError: no such host"),
    ],
)
def test_audit_is_a_success_only_if_every_package_was_checked(
    tmp_path: Path, replies: dict[str, str], code: int, said: str
) -> None:
    fake_pip_audit(tmp_path, **replies)
    found, output = run("audit", tmp_path)
    assert (found, said in output) == (code, True), output


def test_only_one_step_of_ci_may_fail_and_it_is_the_audit() -> None:
    steps = [
        line.split("||")[0].strip()
        for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("on ") and "||" in line
    ]
    assert steps == ['on "$version" "$path" audit']


MANIFEST = b'{"schemaVersion": 2, "manifests": []}'
DIGEST = f"sha256:{hashlib.sha256(MANIFEST).hexdigest()}"


class Registry(BaseHTTPRequestHandler):
    """A registry that wants a token, and has each image with one manifest."""

    manifest = MANIFEST
    named = DIGEST

    def do_GET(self) -> None:
        host = self.headers["Host"]
        if self.path.startswith("/token?"):
            assert self.path == "/token?service=test&scope=repository%3Ax%3Apull"
            self._reply(200, b'{"token": "hush"}', {})
        elif self.headers["Authorization"] != "Bearer hush":
            realm = f'Bearer realm="http://{host}/token",service="test",scope="repository:x:pull"'
            self._reply(401, b"", {"WWW-Authenticate": realm})
        else:
            assert self.path.startswith("/v2/library/")
            assert "application/vnd.oci.image.index.v1+json" in self.headers["Accept"]
            self._reply(200, self.manifest, {"Docker-Content-Digest": self.named})

    def _reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def registry() -> Iterator[str]:
    """Run the registry; return its host and port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def project(folder: Path, host: str) -> dict[str, str]:
    """Copy the files with images to a folder, with another registry; return their texts."""
    texts = {}
    for name in ("Dockerfile", "compose.yaml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        text = text.replace("FROM python:", f"FROM {host}/library/python:")
        texts[name] = text.replace("image: postgres:", f"image: {host}/library/postgres:")
        (folder / name).write_text(texts[name])
    return texts


def images(folder: Path) -> list[str]:
    """Return the base images in the Dockerfile, then those of the services."""
    lines = (folder / "Dockerfile").read_text().splitlines()
    services = yaml.safe_load((folder / "compose.yaml").read_text())["services"].values()
    return [
        *(line.split()[1] for line in lines if line.startswith("FROM ")),
        *(service["image"] for service in services),
    ]


def test_images_are_pinned_by_the_digest_of_their_manifest(tmp_path: Path, registry: str) -> None:
    project(tmp_path, registry)
    before = images(tmp_path)
    code, output = run("pin-images", tmp_path)
    assert code == 0, output
    assert images(tmp_path) == [
        image if image.startswith("soundslike") else f"{image.partition('@')[0]}@{DIGEST}"
        for image in before
    ]
    once = images(tmp_path)
    assert run("pin-images", tmp_path)[0] == 0
    assert images(tmp_path) == once


def test_nothing_is_pinned_without_a_registry(tmp_path: Path) -> None:
    texts = project(tmp_path, "127.0.0.1:1")
    code, output = run("pin-images", tmp_path)
    assert (code, "NOT PINNED" in output) == (UNAVAILABLE, True)
    assert {name: (tmp_path / name).read_text() for name in texts} == texts


@pytest.mark.parametrize(
    ("manifest", "named"),
    [(MANIFEST + b" ", DIGEST), (b"{}", f"sha256:{hashlib.sha256(b'{}').hexdigest()}"), (b"", "")],
    ids=["other content", "no manifest", "empty"],
)
def test_digest_that_is_not_that_of_a_manifest_is_refused(
    tmp_path: Path, registry: str, monkeypatch: pytest.MonkeyPatch, manifest: bytes, named: str
) -> None:
    monkeypatch.setattr(Registry, "manifest", manifest)
    monkeypatch.setattr(Registry, "named", named)
    texts = project(tmp_path, registry)
    code, output = run("pin-images", tmp_path)
    assert (code, "NOT PINNED" in output) == (UNAVAILABLE, True)
    assert {name: (tmp_path / name).read_text() for name in texts} == texts
