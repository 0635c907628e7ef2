"""The front door of access: roles, partnerships, shares; each asks the policy and leaves a line."""

from __future__ import annotations

from regie.apps.access.allowing import set_policy as set_policy
from regie.apps.access.allowing import what_if_policy as what_if_policy
from regie.apps.access.bringing import Brought as Brought
from regie.apps.access.bringing import bring_accounts as bring_accounts
from regie.apps.access.custom_roles import change_role as change_role
from regie.apps.access.custom_roles import create_role as create_role
from regie.apps.access.custom_roles import remove_role as remove_role
from regie.apps.access.custom_roles import what_if_role as what_if_role
from regie.apps.access.effects import what_if as what_if
from regie.apps.access.giving_many import GivenMany as GivenMany
from regie.apps.access.giving_many import NotGiven as NotGiven
from regie.apps.access.giving_many import Once as Once
from regie.apps.access.giving_many import give_roles as give_roles
from regie.apps.access.giving_many import take_roles_back as take_roles_back
from regie.apps.access.giving_many import what_if_given as what_if_given
from regie.apps.access.granting import Given as Given
from regie.apps.access.granting import give_role as give_role
from regie.apps.access.granting import what_if_role_withdrawn as what_if_role_withdrawn
from regie.apps.access.granting import withdraw_role as withdraw_role
from regie.apps.access.owning import delete_asset as delete_asset
from regie.apps.access.owning import detach_asset as detach_asset
from regie.apps.access.owning import link_asset as link_asset
from regie.apps.access.owning import what_if_detached as what_if_detached
from regie.apps.access.partnering import accept_partnership as accept_partnership
from regie.apps.access.partnering import end_partnership as end_partnership
from regie.apps.access.partnering import propose_partnership as propose_partnership
from regie.apps.access.partnering import what_ends as what_ends
from regie.apps.access.promising import invite_with_roles as invite_with_roles
from regie.apps.access.promising import keep_promises as keep_promises
from regie.apps.access.sharing import note_share as note_share
from regie.apps.access.sharing import set_ceiling as set_ceiling
from regie.apps.access.sharing import share_assets as share_assets
from regie.apps.access.sharing import stop_sharing as stop_sharing
from regie.apps.access.sharing import what_if_ceiling as what_if_ceiling
from regie.apps.access.sharing import what_if_unshared as what_if_unshared
from regie.apps.access.transparency import show_totals as show_totals
from regie.apps.access.unused import Withdrawn as Withdrawn
from regie.apps.access.unused import give_back as give_back
from regie.apps.access.unused import sign_review as sign_review
from regie.apps.access.unused import what_if_withdrawn as what_if_withdrawn
from regie.apps.access.unused import withdraw_roles as withdraw_roles
from regie.apps.access.using import note_opened as note_opened
from regie.apps.access.using import note_read as note_read
