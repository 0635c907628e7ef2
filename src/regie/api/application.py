"""The whole API, under ``/api/v1/``; its schema is public, everything else needs a token."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from regie.api import (
    accounts,
    allocation,
    attribution,
    audience_shares,
    audiences,
    beneficiaries,
    check_up,
    codes,
    consents,
    figures,
    files,
    lists,
    market,
    network,
    partners,
    people,
    privacy,
    recognised,
    recovery,
    requests,
    reviews,
    role_map,
    roles,
    rules,
    sources,
    tree,
)
from regie.api.problems import answer_problems
from regie.api.speaking import Token


class Programs(NinjaAPI):
    """Works its schema out once: hundreds of answers take seconds to describe."""

    @cached_property
    def _told(self) -> OpenAPISchema:
        return super().get_openapi_schema()

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        if path_prefix is None and not path_params:
            return self._told
        return super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)


api = Programs(
    title="Régie",
    version="1",
    description="The figures and the business manager of Régie, for programs.",
    auth=Token(),
    docs_url=None,  # its pages come from elsewhere; the reference is in the documentation
    openapi_extra={"info": {"license": {"name": "Apache-2.0"}}},
)
answer_problems(api)
api.add_router("", figures.router)
api.add_router("", allocation.router)
api.add_router("", market.router)
api.add_router("", attribution.router)
api.add_router("", codes.router)
api.add_router("", files.router)
api.add_router("", sources.router)
api.add_router("", lists.router)  # /accounts/many, /people/file …
api.add_router("", role_map.router)
api.add_router("", rules.router)
api.add_router("", roles.router)  # fixed words go before numbers: /roles/take-back
api.add_router("", accounts.router)
api.add_router("", tree.router)
api.add_router("", people.router)
api.add_router("", reviews.router)
api.add_router("", recovery.router)
api.add_router("", check_up.router)
api.add_router("", network.router)
api.add_router("", partners.router)
api.add_router("", requests.router)
api.add_router("", audience_shares.router)  # and /audiences/ledger
api.add_router("", audiences.router)
api.add_router("", privacy.router)
api.add_router("", consents.router)
api.add_router("", recognised.router)
api.add_router("", beneficiaries.router)
