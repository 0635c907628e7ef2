"""What a person may read and do. No scope, no figures."""

from __future__ import annotations

from regie.apps.access.accesses import Access as Access
from regie.apps.access.accesses import accesses_on as accesses_on
from regie.apps.access.accesses import my_accesses as my_accesses
from regie.apps.access.accesses import permissions_on as permissions_on
from regie.apps.access.accesses import why as why
from regie.apps.access.allowing import Allowed as Allowed
from regie.apps.access.allowing import allowed_in as allowed_in
from regie.apps.access.allowing import everything as everything
from regie.apps.access.checking import ENDED as ENDED
from regie.apps.access.checking import OUTSIDE as OUTSIDE
from regie.apps.access.checking import SAME as SAME
from regie.apps.access.checking import WITHOUT as WITHOUT
from regie.apps.access.checking import check_up as check_up
from regie.apps.access.effects import Effect as Effect
from regie.apps.access.overview import GrantCard as GrantCard
from regie.apps.access.overview import PartnershipCard as PartnershipCard
from regie.apps.access.overview import RoleChoice as RoleChoice
from regie.apps.access.overview import ShareCard as ShareCard
from regie.apps.access.overview import grants_on as grants_on
from regie.apps.access.overview import keepers_of as keepers_of
from regie.apps.access.overview import members_to_give as members_to_give
from regie.apps.access.overview import partnership as partnership
from regie.apps.access.overview import partnerships_of as partnerships_of
from regie.apps.access.overview import roles_to_give as roles_to_give
from regie.apps.access.overview import share as share
from regie.apps.access.overview import shares_of as shares_of
from regie.apps.access.partners import Partner as Partner
from regie.apps.access.partners import partners_of as partners_of
from regie.apps.access.paths import Path as Path
from regie.apps.access.reach import scope_of as scope_of
from regie.apps.access.receiving import Received as Received
from regie.apps.access.receiving import received_by as received_by
from regie.apps.access.role_book import CustomRoleCard as CustomRoleCard
from regie.apps.access.role_book import Holder as Holder
from regie.apps.access.role_book import custom_role as custom_role
from regie.apps.access.role_book import custom_roles_of as custom_roles_of
from regie.apps.access.role_book import holders_of as holders_of
from regie.apps.access.sharing_in import SharedIn as SharedIn
from regie.apps.access.sharing_in import check_can_bring_figures as check_can_bring_figures
from regie.apps.access.sharing_in import shared_in as shared_in
from regie.apps.access.transparency import OpenNetwork as OpenNetwork
from regie.apps.access.transparency import open_network as open_network
from regie.apps.access.transparency import shows_totals as shows_totals
