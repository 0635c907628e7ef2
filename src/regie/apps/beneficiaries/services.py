"""What a person can do about beneficiary rules."""

from __future__ import annotations

from regie.apps.beneficiaries.assigning import assign_again as assign_again
from regie.apps.beneficiaries.lists import COLUMNS as COLUMNS
from regie.apps.beneficiaries.lists import Listed as Listed
from regie.apps.beneficiaries.lists import read_labels as read_labels
from regie.apps.beneficiaries.lists import read_rules as read_rules
from regie.apps.beneficiaries.ruling import NewRule as NewRule
from regie.apps.beneficiaries.ruling import add_rules as add_rules
from regie.apps.beneficiaries.ruling import put_labels as put_labels
from regie.apps.beneficiaries.ruling import remove_rules as remove_rules
from regie.apps.beneficiaries.ruling import undo_change as undo_change
