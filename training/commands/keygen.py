"""Command `keygen`: makes the key that signs published bundles."""

from collections.abc import Iterator
from pathlib import Path

from model import signature


def run(file: Path) -> Iterator[str]:
    """Write a new private key to `file`, and name the bot's setting; raises KeyUnusable."""
    public = signature.create_key(file)
    yield f"{file}: private key; keep it secret"
    yield f"MODEL_PUBLIC_KEY={public}"
