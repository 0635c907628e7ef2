"""What a person may read and do. No scope, no figures."""

from __future__ import annotations

from regie.apps.access.accesses import Access as Access
from regie.apps.access.accesses import accesses_on as accesses_on
from regie.apps.access.accesses import permissions_on as permissions_on
from regie.apps.access.accesses import why as why
from regie.apps.access.effects import Effect as Effect
from regie.apps.access.partners import Partner as Partner
from regie.apps.access.partners import partners_of as partners_of
from regie.apps.access.paths import Path as Path
from regie.apps.access.reach import scope_of as scope_of
