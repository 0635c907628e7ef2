"""``python -m bench.page_times``: asks a demo for its pages as Amélie, and prints what they cost.

Runs in a process of its own, whose first page is a cold one; with ``first`` that page is all.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from importlib import import_module
from statistics import median

from bench.measure import Cost, inside

EXPLAINED = "?figure=roas&of=table&split=platform&row=google_ads"
PAGES = {
    "report": "/report/",
    "by campaign": "/report/?split=campaign",
    "explanation": f"/report/explain/{EXPLAINED}",
    "filters": "/report/filters/",
}
TIMES, OTHER_DAYS = 9, 15


def main() -> int:
    from regie.config.boot import start

    start()
    import_module("regie.config.wsgi")  # what a server does before it listens
    from django.test import Client

    from regie.apps.access.context import operating
    from regie.apps.accounts.selectors import person_by_email
    from regie.kernel.clock import today
    from regie.warehouse.views import READER

    with operating():
        person = person_by_email("amelie@great-insurance.example")
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(person)
    browser.handler.load_middleware()  # as the application of the server has

    def cost(address: str) -> Cost:
        def work() -> None:
            answer = browser.get(address, HTTP_HX_REQUEST=str("filters" in address).lower())
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")

        return inside(work)

    def middle(costs: list[Cost]) -> list[float]:
        return [median(one.cpu_s for one in costs), median(one.wall_s for one in costs)]

    found = {"first": middle([cost("/report/")])}
    if "first" in sys.argv[1:]:
        json.dump({"times": found}, sys.stdout)
        return 0
    after = []
    for _time in range(3):
        READER._views.clear()  # as after an import: nothing is known of the new facts
        after.append(cost("/report/"))
    found["after an import"] = middle(after)
    for name, address in PAGES.items():
        cost(address)
        found[name] = middle([cost(address) for _time in range(TIMES)])
    days = [today() - timedelta(days=back) for back in range(20, 20 + OTHER_DAYS)]
    others = [f"/report/?from={day - timedelta(days=29)}&to={day}" for day in days]
    found["report, other days"] = middle([cost(address) for address in others])
    cookie = browser.cookies["sessionid"].value
    json.dump({"times": found, "cookie": cookie}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
