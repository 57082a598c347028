"""Changes of JSON values that no sender is supposed to make."""

import copy
import random
from typing import Any

DEPTH = 200
UNREADABLE = (10**400, "\ud800")
"""Values that make a text no JSON for strict readers: beyond all numbers, half a character."""

LONG = "x" * 100_000


def values() -> list[Any]:
    """Return values of all types, at and beyond what a reader expects."""
    nested: Any = []
    for _ in range(DEPTH):
        nested = [nested]
    return [None, True, False, 0, -1, 2**63, 1e308, "", " ", "0", "\x00", "%s{}", LONG,
            [], {}, [None], {"": None}, nested, ["x"] * 1000]  # fmt: skip


def mutate(value: Any, rng: random.Random) -> Any:
    """Return a copy with one to three places removed, replaced, retyped or renamed."""
    changed = copy.deepcopy(value)
    for _ in range(rng.randint(1, 3)):
        places = list(_places(changed))
        if not places:
            return rng.choice(values())
        parent, key = rng.choice(places)
        match rng.randrange(5):
            case 0:
                del parent[key]
            case 1:
                parent[key] = _retyped(parent[key])
            case 2 if isinstance(parent, dict):
                parent[f"{key}_"] = parent.pop(key)
            case _:
                parent[key] = rng.choice(values())
    return rng.choice(values()) if rng.random() < 0.01 else changed


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return all pairs of a container and a key or index, outer ones first."""
    if isinstance(value, dict):
        keys: list[Any] = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    else:
        return []
    found = [(value, key) for key in keys]
    for key in keys:
        found += _places(value[key])
    return found


def _retyped(value: Any) -> Any:
    """Return the same content as another type."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < 4000 else [value]
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)}
    return [[key, item] for key, item in value.items()]
