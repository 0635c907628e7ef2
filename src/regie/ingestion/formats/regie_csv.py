"""Our own plain files for what no platform exports alike: orders, leads, calls, visits, rates,
what creators cost, and earned media.

Headers are in English as documented, or in French. Only the first columns are required; moments
without an offset are of the organisation's time zone.
"""

from __future__ import annotations

from regie.domain.facts import CANCELLED
from regie.ingestion.format import Column, Format, Rule
from regie.kernel.i18n import _

_STATUS = ("status", "statut", "état")
_LOCATION = Column("location", ("location", "établissement", "magasin", "agence", "point de vente"))
_CHANNEL = Column("channel", ("channel", "canal"))
_SOURCE = Column("source", ("source", "origine"))
_MEDIUM = Column("medium", ("medium", "support"))
_CAMPAIGN = Column("campaign", ("campaign", "campagne"))
_STATUS_COLUMN = Column("status", _STATUS)


def _aside(reason: str, *states: str, voids: bool = False) -> tuple[Rule, ...]:
    """One rule per label of the status, as a rule speaks of the cells of one label."""
    listed = ", ".join(f"'{state}'" for state in states)
    return tuple(
        Rule(f"lower({{{label}}}) IN ({listed})", reason, voids=voids) for label in _STATUS
    )


_TEST = ("test", "essai")

orders = Format(
    name="orders",
    label="Orders (our own CSV)",
    platform="own",
    columns=(
        Column("order_id", ("order_id", "id_commande", "commande", "numéro de commande")),
        Column("ordered_at", ("ordered_at", "commandé_le", "commandé le", "date de commande")),
        Column("currency", ("currency", "devise")),
        Column("revenue", ("revenue", "chiffre_affaires", "chiffre d'affaires", "montant")),
        Column("order_kind", ("kind", "type", "nature")),
        Column("parent_id", ("refund_of", "remboursement_de", "remboursement de")),
        _STATUS_COLUMN,
        _LOCATION,
        _CHANNEL,
        _SOURCE,
        _MEDIUM,
        _CAMPAIGN,
        Column("promo_code", ("promo_code", "code_promo", "code promo", "coupon")),
        Column("customer", ("customer", "client", "customer_id", "id_client")),
        Column("new_customer", ("new_customer", "nouveau_client", "nouveau client")),
    ),
    required=(("order_id",), ("ordered_at",), ("revenue",)),
    fact="orders",
    rules=(
        *_aside(
            _("cancelled orders do not count"),
            *CANCELLED, voids=True,
        ),
        *_aside(_("test orders do not count"), *_TEST, voids=True),
        *_aside(
            _("orders whose payment failed do not count"),
            "failed", "échouée", "echouee", "refusée", "refusee", voids=True,
        ),
    ),
    certainty="documented",
    source="Régie",
    notes=(
        "“kind” is order or refund; a refund is dated on its own day and its revenue is negative. "
        "“refund_of” is the number of the order that it takes back, where the refund has a number "
        "of its own.",
        "An order whose status is refunded was sold: what was given back is a line of its own, of "
        "kind refund.",
        "Orders whose status is cancelled, test or failed are left aside and counted as such; they "
        "count nowhere else either, measured or in an earlier file.",
    ),
)  # fmt: skip

leads = Format(
    name="leads",
    label="Leads (our own CSV)",
    platform="own",
    columns=(
        Column("lead_id", ("lead_id", "id_lead", "id_contact", "lead", "id_prospect")),
        Column("received_at", ("received_at", "reçu_le", "reçu le", "date de réception")),
        _LOCATION,
        _CHANNEL,
        _SOURCE,
        _MEDIUM,
        _CAMPAIGN,
        Column("form", ("form", "formulaire")),
        _STATUS_COLUMN,
    ),
    required=(("lead_id",), ("received_at",)),
    fact="leads",
    rules=_aside(_("test leads do not count"), *_TEST),
    certainty="documented",
    source="Régie",
    notes=("Leads whose status is test are left aside and counted as such.",),
)

_DURATION = ("duration_s", "durée_s", "durée (s)", "durée en secondes")
_WAIT = ("wait_s", "attente_s", "attente (s)", "attente en secondes")
calls = Format(
    name="calls",
    label="Calls (our own CSV)",
    platform="own",
    columns=(
        Column("call_id", ("call_id", "id_appel", "appel")),
        Column("started_at", ("started_at", "commencé_le", "début", "début de l'appel")),
        Column("duration_s", _DURATION),
        Column("wait_s", _WAIT),
        _LOCATION,
        _CHANNEL,
        _SOURCE,
        _CAMPAIGN,
        Column("outcome", ("outcome", "issue", "résultat")),
    ),
    required=(("call_id",), ("started_at",)),
    fact="calls",
    rules=tuple(
        Rule(f"{{{label}}} LIKE '-%'", _("A duration cannot be less than nothing."), refuse=True)
        for label in (*_DURATION, *_WAIT)
    ),
    certainty="documented",
    source="Régie",
    notes=("Durations are whole seconds.",),
)

visits = Format(
    name="visits",
    label="Visits (our own CSV)",
    platform="own",
    columns=(
        Column("date", ("date", "jour")),
        _LOCATION,
        _CHANNEL,
        _SOURCE,
        _MEDIUM,
        _CAMPAIGN,
        Column("landing_page", ("landing_page", "page_arrivée", "page d'arrivée",
                                "page de destination")),
        Column("visits", ("visits", "visites")),
        Column("engaged_visits", ("engaged_visits", "visites_engagées", "visites engagées")),
        Column("single_page_visits", ("single_page_visits", "visites_une_page",
                                      "visites d'une seule page")),
        Column("completed", ("completed", "abouties", "transactions abouties")),
        Column("key_events", ("key_events", "événements_clés", "événements clés")),
    ),
    required=(("date",), ("visits",)),
    fact="visits",
    level="site",
    certainty="documented",
    source="Régie",
    notes=("“completed” counts the visits that completed the transaction expected of them.",),
)  # fmt: skip

_COUNT = ("count", "nombre", "quantité")
earned_media = Format(
    name="earned_media",
    label="Earned media (our own CSV)",
    platform="own",
    columns=(
        Column("date", ("date", "jour")),
        Column("network", ("platform", "network", "plateforme", "réseau", "réseau social",
                           "média")),
        Column("earned_kind", ("kind", "type", "nature")),
        Column("earned", _COUNT),
        _LOCATION,
    ),
    required=(("date",), ("network",), ("earned_kind",), ("earned",)),
    fact="earned",
    level="account",
    rules=tuple(
        Rule(f"{{{label}}} LIKE '-%'",
             _("A count cannot be less than nothing: write unfollow for followers who left."),
             refuse=True)
        for label in _COUNT
    ),
    certainty="documented",
    source="Régie",
    notes=(
        "“kind” is follow, unfollow, like, comment, share, mention or review, or the French word: "
        "abonnement, désabonnement, j’aime, commentaire, partage, mention (citation), avis.",
        "“platform” is where it was seen: a network, a newspaper, a site of reviews. Figures are "
        "split by it as by any platform.",
        "A file replaces what earlier ones said of its days, by kind and by platform.",
        "Bring here what no file of the network says: the same mention in both would count twice.",
    ),
)  # fmt: skip

currency_rates = Format(
    name="currency_rates",
    label="Currency rates (our own CSV)",
    platform="own",
    columns=(
        Column("date", ("date", "jour")),
        Column("from_currency", ("from", "de")),
        Column("to_currency", ("to", "vers")),
        Column("rate", ("rate", "taux")),
        Column("rate_source", ("source", "origine")),
    ),
    required=(("date",), ("from_currency",), ("to_currency",), ("rate",)),
    fact="rates",
    certainty="documented",
    source="Régie",
    notes=("One unit of “from” is worth “rate” units of “to” on that day.",),
)

creator_costs = Format(
    name="creator_costs",
    label="What creators cost (our own CSV)",
    platform="creators",
    columns=(
        Column("date", ("date", "jour")),
        Column("ad", ("creator", "créateur", "créatrice", "influenceur", "influenceuse")),
        Column("spend", ("cost", "coût", "spend", "dépense", "fee", "cachet")),
        Column("currency", ("currency", "devise")),
        _CAMPAIGN,
    ),
    required=(("ad",), ("date",), ("spend",)),
    level="ad",
    certainty="documented",
    source="Régie",
    notes=(
        "“creator” is the name that tracked links carry as `utm_content`, or that of a code: "
        "attribution by “ad or creator” lays the cost beside what the creator earned.",
        "A fee counts on the day that is written: write it day by day to spread it.",
    ),
)
