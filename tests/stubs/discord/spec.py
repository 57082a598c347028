"""Validation by Discord's OpenAPI document, and by rules for messages that it lacks."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from tests.stubs.discord.objects import Flag, Json

MAX_CONTENT_LENGTH = 2000
MAX_COMPONENTS = 40
MAX_TEXT_LENGTH = 4000
TEXT_DISPLAY = 10
CLASSIC_COMPONENTS = {1, 2, 3, 5, 6, 7, 8}  # component types allowed without the Components V2 flag


class Spec:
    """Validates request bodies by Discord's OpenAPI document."""

    def __init__(self, path: Path) -> None:
        self._document: Json = json.loads(path.read_text(encoding="utf-8"))
        self._dialect: Callable[[Json], Validator] = extend(  # type: ignore[no-untyped-call] # its stubs
            Draft202012Validator,
            {key: self._only_same_type(key) for key in ("oneOf", "anyOf")},
        )
        self._validator = cache(self._compile)

    def has_route(self, method: str, route: str) -> bool:
        """Return whether the document has a route."""
        return method.lower() in self._document["paths"].get(route, {})

    def error(self, method: str, route: str, body: Any) -> str | None:
        """Return what is wrong with a body, or None; `body` is None for a request without one."""
        if not self.has_route(method, route):
            return f"{method} {route} is not a route of Discord"
        validator = self._validator(method, route)
        if validator is None:
            return None if body is None else f"{method} {route} takes no body"
        worst = best_match(validator.iter_errors(_with_snowflakes(body)))
        return f"{worst.json_path}: {worst.message[-200:]}" if worst else None

    def _compile(self, method: str, route: str) -> Validator | None:
        operation = self._document["paths"][route][method.lower()]
        if "requestBody" not in operation:
            return None
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        # References in the schema are relative to the root of the document.
        return self._dialect({**schema, "components": self._document["components"]})

    def _only_same_type(self, keyword: str) -> Callable[..., Iterator[ValidationError]]:
        """Return a validator that tries only the alternatives for the `type` of an object.

        It is 20 times faster for a card, and its errors are those of the right alternative.
        """
        try_all = Draft202012Validator.VALIDATORS[keyword]

        def validate(
            validator: Validator, alternatives: list[Json], value: Any, schema: Json
        ) -> Iterator[ValidationError]:
            kind = value.get("type") if isinstance(value, dict) else None
            same_type = [one for one in alternatives if kind in self._types(one)]
            yield from try_all(validator, same_type or alternatives, value, schema)

        return validate

    def _types(self, schema: Json) -> list[int]:
        name = schema.get("$ref", "").rpartition("/")[2]
        target: Json = self._document["components"]["schemas"].get(name, {})
        types: list[int] = target.get("properties", {}).get("type", {}).get("enum", [])
        return types


def _with_snowflakes(value: Any) -> Any:
    """Return a body with ids as strings, as in the document; Discord accepts integers, too.

    The `id` of components, which have a `type`, is a plain number.
    """
    if isinstance(value, list):
        return [_with_snowflakes(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: str(item)
        if isinstance(item, int) and (key.endswith("_id") or (key == "id" and "type" not in value))
        else [str(one) for one in item]
        if key in {"users", "roles", "sticker_ids"} and isinstance(item, list)
        else _with_snowflakes(item)
        for key, item in value.items()
    }


@cache
def load(path: Path) -> Spec:
    """Read the document; cached, because it is large."""
    return Spec(path)


def message_error(message: Json, names: set[str]) -> str | None:
    """Return why Discord would refuse a message, or None; `names` are those of its files."""
    return next(_message_errors(message, names), None)


def _message_errors(message: Json, names: set[str]) -> Iterator[str]:
    components = list(walk(message["components"]))
    custom_ids = [part["custom_id"] for part in components if "custom_id" in part]
    if len(custom_ids) != len(set(custom_ids)):
        yield "duplicate custom_id"
    if missing := set(attachment_names(message)) - names:
        yield f"attachment:// refers to missing files: {sorted(missing)}"
    if not message["flags"] & Flag.COMPONENTS_V2:
        if unexpected := {part["type"] for part in components} - CLASSIC_COMPONENTS:
            yield f"components of types {sorted(unexpected)} without the Components V2 flag"
        if len(message["content"]) > MAX_CONTENT_LENGTH:
            yield f"content of {len(message['content'])} characters"
        return
    if message["content"] or message["embeds"]:
        yield "Components V2 cannot be combined with content or embeds"
    if not 0 < len(components) <= MAX_COMPONENTS:
        yield f"{len(components)} components"
    length = sum(len(part["content"]) for part in components if part["type"] == TEXT_DISPLAY)
    if length > MAX_TEXT_LENGTH:
        yield f"{length} characters of text"


def walk(value: Any) -> Iterator[Json]:
    """Yield every component in a tree of components."""
    if isinstance(value, list):
        for item in value:
            yield from walk(item)
    elif isinstance(value, dict) and "type" in value:
        yield value
        for key in ("components", "component", "accessory"):
            yield from walk(value.get(key))


def attachment_names(value: Any) -> Iterator[str]:
    """Yield the file names in `attachment://` addresses."""
    if isinstance(value, list):
        for item in value:
            yield from attachment_names(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "url" and str(item).startswith("attachment://"):
                yield item.removeprefix("attachment://")
            else:
                yield from attachment_names(item)
