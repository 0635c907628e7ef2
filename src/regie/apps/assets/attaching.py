"""Which ad accounts speak in the name of a page: said by the administrators of their owner."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.assets import policies
from regie.apps.assets.linking import found
from regie.apps.assets.models import Asset, PageAccount, Status
from regie.apps.audit import services as audit
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import NotFound, WrongUse
from regie.kernel.i18n import _


@transaction.atomic
def attach(*, actor: User | None, page_id: int, account_ids: Collection[int]) -> None:
    """Exactly these ad accounts speak in the name of the page from now on.

    Nothing changes on the platform, and nobody's access. Raises ``NotFound`` for an account that
    is not linked by the owner of the page.
    """
    page = found(page_id)
    owner = Organisation.objects.filter(pk=page.organisation_id).first()
    if owner is None:  # only shared with the context
        raise NotFound(_("There is no such account."))
    policies.check_can_link(actor=actor, organisation=owner)
    if page.kind != "page":
        raise WrongUse(_("Ad accounts are attached to pages only."))
    wanted = Asset.objects.filter(
        pk__in=set(account_ids), organisation=owner, kind="ad_account", status=Status.LINKED
    )
    accounts = {one.pk: str(one) for one in wanted}
    if set(account_ids) - accounts.keys():
        raise NotFound(_("There is no such account among your own."))
    stand = PageAccount.objects.select_for_update().filter(page=page)
    before = set(stand.values_list("account_id", flat=True))
    if before == accounts.keys():
        return
    stand.exclude(account_id__in=accounts).delete()
    PageAccount.objects.bulk_create(
        PageAccount(organisation=owner, page=page, account_id=key, attached_by=str(actor or ""))
        for key in sorted(accounts.keys() - before)
    )
    audit.record(
        organisation_id=owner.pk,
        action="assets.attached",
        actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR,
        asset_id=page.pk,
        account=str(page),
        accounts=sorted(accounts.values()),
    )
