"""Reads about organisations; row security already hides those of others."""

from regie.apps.organisations.certificates import certificate_csv as certificate_csv
from regie.apps.organisations.consequences import Consequences as Consequences
from regie.apps.organisations.consequences import of_closing as of_closing
from regie.apps.organisations.consequences import of_merger as of_merger
from regie.apps.organisations.consequences import of_move as of_move
from regie.apps.organisations.directory import UNUSED as UNUSED
from regie.apps.organisations.directory import Filter as Filter
from regie.apps.organisations.directory import Person as Person
from regie.apps.organisations.directory import administrators_count as administrators_count
from regie.apps.organisations.directory import members_among as members_among
from regie.apps.organisations.directory import people_of as people_of
from regie.apps.organisations.directory import person as person
from regie.apps.organisations.growing import ChangeCard as ChangeCard
from regie.apps.organisations.growing import TreeRow as TreeRow
from regie.apps.organisations.growing import latest_changes as latest_changes
from regie.apps.organisations.growing import tree_of as tree_of
from regie.apps.organisations.invited import InvitationCard as InvitationCard
from regie.apps.organisations.invited import InvitationFilter as InvitationFilter
from regie.apps.organisations.invited import Offer as Offer
from regie.apps.organisations.invited import accepted_invitations as accepted_invitations
from regie.apps.organisations.invited import invitation_cards as invitation_cards
from regie.apps.organisations.invited import invitations_of as invitations_of
from regie.apps.organisations.invited import invited_among as invited_among
from regie.apps.organisations.invited import offer_of as offer_of
from regie.apps.organisations.lines import email_domains as email_domains
from regie.apps.organisations.lines import line_of as line_of
from regie.apps.organisations.lines import second_factor_from as second_factor_from
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.recovering import SealCard as SealCard
from regie.apps.organisations.recovering import whole_seal as whole_seal
from regie.apps.organisations.reviewing import ReviewCard as ReviewCard
from regie.apps.organisations.reviewing import quarter_of as quarter_of
from regie.apps.organisations.reviewing import review_card as review_card
from regie.apps.organisations.reviewing import reviews_of as reviews_of
from regie.apps.organisations.roles import today_in as today_in

DEFAULT_SLUG = "default"


def visible_organisations() -> list[Organisation]:
    """Every organisation that the current context may see, in the order of the tree."""
    return list(Organisation.objects.order_by("path"))


def by_slug(slug: str) -> Organisation | None:
    return Organisation.objects.filter(slug=slug).first()


def branch_of(organisation: Organisation) -> list[Organisation]:
    """The organisation and all those below it."""
    return list(Organisation.objects.filter(path__startswith=organisation.path).order_by("path"))


def children_of(organisation: Organisation) -> list[Organisation]:
    return list(Organisation.objects.filter(parent=organisation).order_by("name", "pk"))
