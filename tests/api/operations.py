"""The addresses of the API and their methods, as its schema lists them."""

from __future__ import annotations

from typing import Any

from ninja.openapi.schema import OpenAPISchema

from regie.api.application import api


class _Listed(OpenAPISchema):
    """Without what each operation takes and gives: that takes seconds."""

    def operation_details(self, operation: Any) -> dict[str, Any]:
        return {}


_listed = _Listed(api=api, path_prefix=api.get_root_path({}))
PATHS: dict[str, list[str]] = {path: list(methods) for path, methods in _listed["paths"].items()}
OPERATIONS = [(method, path) for path, methods in PATHS.items() for method in methods]
