"""Finds declarations by looking: one thing is one file, and no central list is edited."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def discover(package: ModuleType, kind: type[T], *, group: str = "") -> dict[str, T]:
    """Every instance of ``kind`` declared at the top of a module of ``package``, by name.

    Third parties add theirs through the entry point ``group``.

    Raises ``ValueError`` where two declarations share a name.
    """
    found: dict[str, T] = {}
    for declared in [*_declared(package, kind), *_installed(group, kind)]:
        name = str(getattr(declared, "name"))  # noqa: B009
        if name in found and found[name] is not declared:
            raise ValueError(f"Two {kind.__name__} declarations are called “{name}”.")
        found[name] = declared
    return found


def _declared(package: ModuleType, kind: type[T]) -> Iterator[T]:
    for module_info in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        for value in vars(module).values():
            declarations = value if isinstance(value, tuple | list) else (value,)
            yield from (one for one in declarations if isinstance(one, kind))


def _installed(group: str, kind: type[T]) -> Iterator[T]:
    for entry in entry_points(group=group) if group else ():
        value = entry.load()
        if isinstance(value, kind):
            yield value
