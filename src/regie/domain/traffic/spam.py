"""What does not count, and why: the reasons under which an event is set aside."""

from __future__ import annotations

from regie.kernel.i18n import _

REASONS: dict[str, str] = {
    "bot": _("A program, not a person"),
    "prefetch": _("Loaded in advance by a browser or a preview"),
    "internal": _("From your own network"),
    "spam": _("Sent by a site that advertises itself in reports"),
    "expired": _("The link had expired"),
    "unknown_lead": _("A state of a lead that was not measured here"),
}
# Sites that send visits which never took place, to be seen in reports; widely documented.
SPAM_HOSTS = frozenset(
    {
        "semalt.com", "buttons-for-website.com", "darodar.com", "ilovevitaly.com",
        "priceg.com", "blackhatworth.com", "hulfingtonpost.com", "best-seo-offer.com",
        "buttons-for-your-website.com", "free-share-buttons.com", "get-free-traffic-now.com",
        "trafficmonetize.org", "event-tracking.com", "free-social-buttons.com",
        "success-seo.com", "videos-for-your-business.com", "webmonetizer.net",
    }
)  # fmt: skip


def aside(flags: str, *, is_program: bool, host: str) -> str:
    """The first reason that holds, or an empty text for an event that counts."""
    if "p" in flags:
        return "prefetch"
    if "h" in flags or is_program:
        return "bot"
    if "i" in flags:
        return "internal"
    if _is_spam(host):
        return "spam"
    return "expired" if "x" in flags else ""


def _is_spam(host: str) -> bool:
    """Whether ``host`` is one of those sites or a part of it; they take a new part each time."""
    labels = host.split(".")
    return any(".".join(labels[place:]) in SPAM_HOSTS for place in range(len(labels)))
