"""Who may do what with an audience: its owner's administrators; who received it may only use it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from regie.apps.access import selectors as access
from regie.apps.accounts.models import User
from regie.apps.audiences.models import Audience, AudienceShare
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.selectors import today_in
from regie.kernel import clock
from regie.kernel.errors import Forbidden, Refused
from regie.kernel.i18n import _, say


def check_can_manage(*, actor: User, organisation: Organisation) -> None:
    """Create, load, share, withdraw and export: administrators only (BM-47)."""
    organisations.check_can_administer(actor=actor, organisation=organisation, now=clock.now())


def manages(*, actor: User | None, organisation: Organisation) -> bool:
    """The local operator does."""
    return actor is None or organisations.administers(
        actor=actor, organisation=organisation, now=clock.now()
    )


def check_may_seed(*, audience: Audience, organisation: Organisation) -> None:
    """A look-alike may grow from one's own audience, never from a received one."""
    if audience.organisation_id != organisation.pk:
        raise Forbidden(
            _("A received audience cannot be the seed of another one."),
            hint=_("Ask its owner to make the look-alike and to share that one."),
        )


def live_shares() -> QuerySet[AudienceShare]:
    """Those that hold today, by the day of the owner, and of which no organisation is closed."""
    return AudienceShare.objects.filter(
        pk__in=RawSQL("SELECT share_id FROM regie_live_audience_shares()", [])
    )


@dataclass(frozen=True)
class Recipient:
    id: int
    name: str


def possible_recipients(organisation: Organisation) -> list[Recipient]:
    """Whom an audience can be shared with: the other organisations of the tree, and partners."""
    root = organisation.path.split("/")[1]
    tree = Organisation.objects.filter(path__startswith=f"/{root}/", closed_at__isnull=True)
    near = [Recipient(one.pk, one.name) for one in tree.exclude(pk=organisation.pk)]
    far = [Recipient(one.id, one.name) for one in access.partners_of(organisation)]
    known = {one.id for one in near}
    return sorted(
        [*near, *(one for one in far if one.id not in known)], key=lambda one: one.name.casefold()
    )


def possible_recipient(organisation: Organisation, recipient_id: int) -> Recipient:
    """Raises ``Refused`` for anybody else, hidden or absent alike."""
    for one in possible_recipients(organisation):
        if one.id == recipient_id:
            return one
    raise out_of_reach()


def out_of_reach() -> Refused:
    return Refused(
        _("An audience is shared inside one’s own tree, or with a partner."),
        hint=_("Agree on a partnership first: Partners page."),
    )


def share_that_allows(audience: Audience, organisation: Organisation) -> AudienceShare | None:
    """``None`` where the audience is one's own. Raises ``Refused`` when nothing allows it today."""
    if audience.organisation_id == organisation.pk:
        if audience.is_archived or audience.expires_on < today_in(organisation):
            raise Refused(_("This audience has expired or was put away."))
        return None
    share = live_shares().filter(audience=audience, recipient=organisation).first()
    if share is None:
        raise Refused(
            say(_("This audience is not shared with {name}."), name=organisation.name),
            hint=_("Ask its owner to share it with this very organisation."),
        )
    return share
