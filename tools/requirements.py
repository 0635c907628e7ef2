"""What Régie has to do, in one line each, and the tests that show it.

A test names what it shows by ``@pytest.mark.requirement("BM-12")``; the page of reference is
written from these marks, and a test of the repository misses whatever nobody shows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"

MANAGER = {
    "BM-1": "All pages and ad accounts are seen and steered from one place, several at a time",
    "BM-2": "Accounts of every platform stand in one list that can be searched and filtered",
    "BM-3": "People and companies alike are let in and shut out again",
    "BM-4": "Audiences have one place where they are kept",
    "BM-5": "Many accounts, companies and teams work side by side, on one audience if they like",
    "BM-6": "Neither a new manager nor a linked account changes a campaign or an access",
    "BM-7": "The figures of an account are one click from where it is managed",
    "BM-8": "An account is detached or deleted by its owner, with nobody’s help",
    "BM-9": "Everybody may have a second factor, and an organisation may require it",
    "BM-10": "There may be one manager or several, as much apart as one wants",
    "BM-11": "A new organisation is named by where it stands: company, subsidiary, region",
    "BM-12": "The tree may be deep and wide, and each organisation in it is found",
    "BM-13": "Of every ad account it is asked whose it is: link your own, ask for another’s",
    "BM-14": "Who works on an account already can be brought in by an invitation",
    "BM-15": "Old access works on until a day that is announced beforehand",
    "BM-16": "A page comes in by the same two ways: link your own, ask for another’s",
    "BM-17": "Roles of the manager, of pages and of ad accounts are three separate layers",
    "BM-18": "In a manager one is administrator, employee or contractor",
    "BM-19": "A page has super admins, content admins, content editors, analysts and more",
    "BM-20": "An ad account has billing admins, account managers, campaign managers and more",
    "BM-21": "The lists of roles grow: further ready-made ones, and roles of one’s own",
    "BM-22": "The set-up asks for the administrators before anybody else",
    "BM-23": "Only addresses of the organisation’s own domains are invited",
    "BM-24": "The invitation itself says which role one will have",
    "BM-25": "Until an invitation is accepted it gives nothing",
    "BM-26": "An ad account of LinkedIn is linked by nine digits, no more and no fewer",
    "BM-27": "A manager holds 1,000 ad accounts, and says why it refuses one more",
    "BM-28": "A list of accounts and roles goes to their owners as requests",
    "BM-29": "An owner who has a manager is offered a partnership rather than a list",
    "BM-30": "Pages come after the ad accounts, and are told which of them speak in their name",
    "BM-31": "A request for a page says which role of the page it wants",
    "BM-32": "A page without a super admin can’t be asked for from outside",
    "BM-33": "People found on an account and missing in the manager are listed and invited",
    "BM-34": "A partnership is proposed by the number of the other manager",
    "BM-35": "One’s own number stands under the name and is copied in a click",
    "BM-36": "Partners are added by administrators, and by nobody else",
    "BM-37": "Nothing is shared unless somebody shares it",
    "BM-38": "On both sides of a partnership there is a manager",
    "BM-39": "Sharing happens on the page of partners, one account or page at a time",
    "BM-40": "Each share has a ceiling: the most that the partner’s people may be given",
    "BM-41": "The ceiling holds for all whom the partner assigns; lowered, it holds at once",
    "BM-42": "A freelance alone in his manager is a partner like any agency",
    "BM-43": "An audience can be shared with accounts of other organisations",
    "BM-44": "Who was shared an audience uses it as it is, without making it again",
    "BM-45": "A change of an audience is true in every account that uses it",
    "BM-46": "People who dealt with one account can be reached again from another",
    "BM-47": "Audiences are shared by administrators, and by nobody else",
    "BM-48": "The audiences of an account are offered where its campaigns are made",
    "BM-49": "The set-up leads through seven steps in a fixed order",
    "BM-50": "Every page of the set-up explains itself in plain words",
}
SCENARIOS = {
    "BM-S1": "The 1,000th account is linked, the next is refused with the limit, not half",
    "BM-S2": "Of six ways to write an ID two are taken: spaces go, a leading zero stays and leaves",
    "BM-S3": "A ceiling refuses, is raised and gives, is lowered and takes at once, told by person",
    "BM-S4": "A new partnership shows nothing; then the one account shared of forty, everywhere",
    "BM-S5": "A page is asked for once it has a super admin; the request is his alone to answer",
    "BM-S6": "Employees and contractors neither partner, share nor invite; nothing is passed on",
    "BM-S7": "A list of 250 lines makes 240 requests and explains ten; sent again it makes none",
}
NETWORK = {
    "FR-2": "Franchisor, region and franchisee have rights of their own",
    "FR-3": "A franchisee sees what her own budget does for her",
    "FR-16": "The results of a network can be open to all who own a part of it",
    "FR-28": "Of a location it is said who answers, who changes pictures and who changes hours",
    "DASH-22": "The same report shows each level what it may see",
    "DASH-23": "Owners read the results of the whole network where it chose so",
    "INF-38": "An agency or a colleague is let in on single campaigns and on nothing else",
}
MEASURING = {
    "MEAS-1": "Seven kinds of objectives can be set, from awareness to sales from social networks",
    "MEAS-2": "What is aimed at is said first, then where one stands, then what budget it takes",
    "MEAS-3": "What the last click alone would say is there, to be compared",
    "MEAS-4": "Every touch of a journey can earn a part of what it led to",
    "MEAS-5": "Social networks, reviews, letters, ads, print and word of mouth are touches",
    "MEAS-6": "Each figure is of paid, earned or owned media, and can be split by that",
    "MEAS-8": "An ad has a landing page, or it is not made",
    "MEAS-9": "A landing page says how many forms and calls it brought",
    "MEAS-10": "Codes and coupons are registered and redeemed, in shops too",
    "MEAS-11": "Followers, likes, comments, shares and mentions are followed, each on its own",
    "MEAS-12": "The report compares with the objectives that were set",
    "MEAS-13": "The share of the site’s visits that come from social networks is shown",
    "MEAS-15": "An unpaid post is reckoned from views to purchases, by rates of views and of steps",
    "MEAS-16": "Assumptions stand beside benchmarks with source and date, and optimism is flagged",
    "MEAS-17": "The displays that a goal needs are told, and the budget that they cost",
    "MEAS-18": "The table of results is by network or by publication",
    "MEAS-19": "It has budget, leads, bounce rate, conversions and their rate, revenue and CPA",
    "MEAS-20": "A bounce is a visitor who left without the expected transaction",
    "MEAS-21": "The CPA is the money spent divided by the sales; without a sale there is none",
    "MEAS-22": "Two ads are told apart by what a sale costs, whatever was spent on each",
    "MEAS-23": "A better target costs less for each sale, or brings more for the same budget",
    "MEAS-24": "Clicks and interactions by channel are compared with those of the month before",
    "MEAS-25": "The best campaign is named and its budget moved by the orders of this very hour",
    "MEAS-26": "A budget may grow as long as one more spent brings back more than it costs",
    "MEAS-27": "Ads lead to shops and shops to the site, and both ways are measured",
    "MEAS-28": "Each tactic shows its qualified leads, and what one of them costs",
    "MEAS-29": "Clicks that no network reports are measured by links of our own",
    "MEAS-30": "The share of orders by customers who come back is measured",
}
IDENTITY = {
    "ID-1": "What each campaign earned is known as it happens, so that budget can move",
    "ID-2": "Ads and shops are linked, both ways",
    "ID-3": "Attribution works across devices",
    "ID-4": "It works where cookies fail: first on the phone, then on the computer",
    "ID-5": "The share of purchases that begin on one device and end on another is a figure",
    "ID-6": "Matching by probability says how precise it is",
    "ID-7": "Models that learn from the journeys are there, with their uncertainty",
    "ID-8": "Who signs in on two devices is one person, surely",
    "ID-9": "Any provider of identities will do, several side by side",
    "ID-10": "The journey is shown, and what each platform had in it",
    "ID-11": "What was seen already decides which ad comes next, across devices",
    "ID-12": "All of it runs on one machine with one’s own data",
    "ID-13": "People who dealt with another of our accounts can be reached again",
    "ID-14": "The privacy policy has versions, and who accepted which is known",
    "ID-S1": "Seen on the phone, bought on the computer after signing in: one person, one journey",
    "ID-S2": "100 purchases, 42 across devices: 42.0%, and nothing under 30",
    "ID-S8": "A coupon and a phone number at the till tie a sale in a shop to the click of an ad",
    "ID-S10": "Who saw the first creative three times is offered the second, on any device",
    "MEAS-S5": "One journey of four touches is shared out by every model as the rules say",
    "MEAS-S7": "40 printed codes redeemed in two shops, whatever the case; a single one once only",
    "MEAS-S8": "Platforms claim 150 of 100 real sales: said so, and never added up",
}
LEADS = {
    "LEAD-12": "Where each lead came from, first and last, is kept and never changes",
}
PLANNING = {
    "PLAN-1": "A goal becomes visits by the conversion rate, and impressions by the click rate",
    "PLAN-2": "1,000 sales at 2% and 2% take 50,000 visits and 2,500,000 impressions",
    "PLAN-3": "Impressions become a budget by the price of a thousand: 5,000 euros at 2",
    "PLAN-4": "Each of these sales costs 5 euros",
    "PLAN-5": "What if: lower costs or more results; and from a budget back to the sales it brings",
    "PLAN-8": "A plan has a window and a lag, and sales are looked for as late as it says",
    "PLAN-9": "A goal is a number that can be reached: nonsense is refused, hope is flagged",
}
DASHBOARD = {
    "DASH-2": "Business objectives: so much more than last year, or an amount by a date",
    "DASH-3": "Operational objectives stand apart, and beneath the business one they serve",
    "DASH-4": "Each objective is said in plain words, with the definition of its figure",
    "DASH-5": "Good campaigns while sales fall are shown as a contradiction",
    "DASH-6": "What was bought is no achievement: a vain objective is refused, with a better one",
    "DASH-7": "Where one stands is read at a glance, without colours",
    "DASH-12": "From the whole down to the ad in a few clicks, and back without losing one’s place",
    "DASH-24": "The quality of the figures is shown: sources, freshness, what is provisional",
}
REQUIREMENTS = MANAGER | SCENARIOS | NETWORK | MEASURING | IDENTITY | LEADS | PLANNING | DASHBOARD
PARTS = (
    ("The business manager", MANAGER),
    ("Walks from start to end", SCENARIOS),
    ("Rights in a network", NETWORK),
    ("Measuring what media bring", MEASURING),
    ("Who it was, and what earned it", IDENTITY),
    ("Where leads come from", LEADS),
    ("Planning a budget", PLANNING),
    ("The report at a glance", DASHBOARD),
)


@dataclass(frozen=True)
class Shown:
    """A test that shows ``requirement``; ``path`` is that of its file, from the root."""

    requirement: str
    path: str
    test: str


@cache
def shown() -> tuple[Shown, ...]:
    """Every mark in the tests, by file and name."""
    return tuple(one for path in sorted(TESTS.rglob("test_*.py")) for one in _marks(path))


def _marks(path: Path) -> Iterator[Shown]:
    text = path.read_text(encoding="utf-8")
    if "mark.requirement(" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                for requirement in _named(decorator):
                    yield Shown(requirement, path.relative_to(ROOT).as_posix(), node.name)


def _named(decorator: ast.expr) -> list[str]:
    if not isinstance(decorator, ast.Call):
        return []
    if ast.unparse(decorator.func) != "pytest.mark.requirement":
        return []
    return [str(ast.literal_eval(one)) for one in decorator.args]


def sentence(test: str) -> str:
    """A test’s name, as it is read."""
    return test.removeprefix("test_").replace("_", " ")
