"""Discord's OpenAPI document, and the rules for messages that it does not state."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from tests.stubs.discord.values import Flag, Json

CONTENT_LIMIT = 2000
COMPONENT_LIMIT = 40
TEXT_LIMIT = 4000
TEXT_DISPLAY = 10
CLASSIC = {1, 2, 3, 5, 6, 7, 8}  # what a message without the Components V2 flag may hold


class Spec:
    """Says what is wrong with a request's body, by Discord's own document."""

    def __init__(self, path: Path) -> None:
        self._document: Json = json.loads(path.read_text(encoding="utf-8"))
        self._dialect: Callable[[Json], Validator] = extend(  # type: ignore[no-untyped-call] # its stubs
            Draft202012Validator,
            {key: self._only_its_type(key) for key in ("oneOf", "anyOf")},
        )
        self._validator = cache(self._compile)

    def knows(self, method: str, route: str) -> bool:
        return method.lower() in self._document["paths"].get(route, {})

    def fault(self, method: str, route: str, body: Any) -> str | None:
        """Return what is wrong with a body (None: the request has none), or None."""
        if not self.knows(method, route):
            return f"{method} {route} is no route of Discord's"
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
        # The references in it start from the root of the document.
        return self._dialect({**schema, "components": self._document["components"]})

    def _only_its_type(self, keyword: str) -> Callable[..., Iterator[ValidationError]]:
        """Try only the alternatives that name the `type` of an object.

        That is twenty times as fast for a card of components, and says what is wrong in it.
        """
        try_all = Draft202012Validator.VALIDATORS[keyword]

        def validate(
            validator: Validator, alternatives: list[Json], value: Any, schema: Json
        ) -> Iterator[ValidationError]:
            kind = value.get("type") if isinstance(value, dict) else None
            fitting = [one for one in alternatives if kind in self._types(one)]
            yield from try_all(validator, fitting or alternatives, value, schema)

        return validate

    def _types(self, schema: Json) -> list[int]:
        name = schema.get("$ref", "").rpartition("/")[2]
        named: Json = self._document["components"]["schemas"].get(name, {})
        types: list[int] = named.get("properties", {}).get("type", {}).get("enum", [])
        return types


def _with_snowflakes(value: Any) -> Any:
    """Write ids as strings, as the document has them: Discord takes integers too.

    A component's `id` is a plain number; components are what has a `type`.
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
    """Read the document, which is large, once."""
    return Spec(path)


def message_fault(message: Json, names: set[str]) -> str | None:
    """Return what Discord would refuse in a whole message with files of these names, or None."""
    return next(_message_faults(message, names), None)


def _message_faults(message: Json, names: set[str]) -> Iterator[str]:
    components = list(walk(message["components"]))
    custom_ids = [part["custom_id"] for part in components if "custom_id" in part]
    if len(custom_ids) != len(set(custom_ids)):
        yield "two components have one custom_id"
    if missing := set(attachment_names(message)) - names:
        yield f"attachment:// names files that are not there: {sorted(missing)}"
    if not message["flags"] & Flag.COMPONENTS_V2:
        if strays := {part["type"] for part in components} - CLASSIC:
            yield f"components of types {sorted(strays)} without the Components V2 flag"
        if len(message["content"]) > CONTENT_LIMIT:
            yield f"content of {len(message['content'])} characters"
        return
    if message["content"] or message["embeds"]:
        yield "Components V2 go with neither content nor embeds"
    if not 0 < len(components) <= COMPONENT_LIMIT:
        yield f"{len(components)} components"
    length = sum(len(part["content"]) for part in components if part["type"] == TEXT_DISPLAY)
    if length > TEXT_LIMIT:
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
    """Yield the names that `attachment://` addresses point to."""
    if isinstance(value, list):
        for item in value:
            yield from attachment_names(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "url" and str(item).startswith("attachment://"):
                yield item.removeprefix("attachment://")
            else:
                yield from attachment_names(item)
