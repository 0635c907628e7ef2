"""What can be read of beneficiary rules, by their keepers and, as parts, by those they serve."""

from __future__ import annotations

from regie.apps.beneficiaries.campaigns import campaigns_by_account as campaigns_by_account
from regie.apps.beneficiaries.opening import opened as opened
from regie.apps.beneficiaries.overview import ChangeCard as ChangeCard
from regie.apps.beneficiaries.overview import Overview as Overview
from regie.apps.beneficiaries.overview import Preview as Preview
from regie.apps.beneficiaries.overview import RuleCard as RuleCard
from regie.apps.beneficiaries.overview import assignments as assignments
from regie.apps.beneficiaries.overview import overview as overview
from regie.apps.beneficiaries.overview import preview as preview
from regie.apps.beneficiaries.overview import ruled_accounts as ruled_accounts
from regie.apps.beneficiaries.parts import cards_of_parts as cards_of_parts
from regie.apps.beneficiaries.parts import parts_of as parts_of
from regie.apps.beneficiaries.parts import portions_of as portions_of
from regie.apps.beneficiaries.ruling import KNOWN_LEVELS as KNOWN_LEVELS
from regie.apps.beneficiaries.ruling import may_rule as may_rule
from regie.apps.beneficiaries.targets import Target as Target
from regie.apps.beneficiaries.targets import targets as targets
from regie.apps.beneficiaries.trying import Days as Days
from regie.apps.beneficiaries.trying import Trial as Trial
from regie.apps.beneficiaries.trying import try_rules as try_rules
