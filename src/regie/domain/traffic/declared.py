"""What people say when a form asks them how they heard of somebody.

An answer is kept as one of these words and never as it was typed, as it may name somebody. Where
it names what leaves no click behind, such as word of mouth, it is a touch of the journey; a search,
a post or a letter is measured by its own visit, and to add what is said of it would count it twice.
"""

from __future__ import annotations

from typing import Final

from regie.domain.traffic.links import conventional
from regie.kernel.i18n import _

ANSWERS: Final[dict[str, str]] = {
    "word_of_mouth": _("Somebody told me"),
    "review": _("Reviews"),
    "press": _("Press"),
    "radio": _("Radio"),
    "tv": _("Television"),
    "poster": _("Poster or leaflet"),
    "event": _("Fair or event"),
    "shop": _("Shop"),
    "search": _("Search engine"),
    "social": _("Social network"),
    "email": _("E-mail"),
    "ad": _("Advertisement online"),
    "creator": _("Creator"),
    "assistant": _("AI assistant"),
    "other": _("Something else"),
}
# Of these nothing can be measured but what is said: the channel that the touch is of.
TOUCHES: Final[dict[str, str]] = {
    "word_of_mouth": "Word of Mouth", "review": "Reviews", "press": "Offline", "radio": "Offline",
    "tv": "Offline", "poster": "Offline", "event": "Offline", "shop": "Offline",
}  # fmt: skip
SOURCE: Final = "(declared)"
# Words of answers as forms offer them, in English and French; a phrase is looked through for them.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "word_of_mouth": ("word-of-mouth", "bouche-a-oreille", "friend", "friends",
                      "family", "colleague", "colleagues", "acquaintance", "recommendation",
                      "recommended", "referral", "neighbour", "ami", "amie", "amis", "amies",
                      "famille", "proche", "proches", "collegue", "collegues", "voisin", "voisine",
                      "connaissance", "recommandation", "parrainage", "told"),
    "review": ("review", "reviews", "avis", "trustpilot", "tripadvisor", "yelp"),
    "press": ("press", "presse", "newspaper", "magazine", "journal", "article"),
    "radio": ("radio", "podcast"),
    "tv": ("tv", "television", "tele"),
    "poster": ("poster", "flyer", "leaflet", "billboard", "affiche", "affichage", "prospectus",
               "tract", "depliant", "brochure"),
    "event": ("event", "fair", "salon", "evenement", "foire", "conference", "webinar", "webinaire"),
    "shop": ("shop", "in-store", "magasin", "boutique", "vitrine", "agence"),
    "search": ("search", "google", "bing", "recherche", "moteur", "seo", "qwant", "ecosia"),
    "social": ("social", "sociaux", "facebook", "instagram", "linkedin", "tiktok", "youtube",
               "pinterest", "snapchat", "reddit", "twitter"),
    "email": ("email", "e-mail", "mail", "newsletter", "emailing", "courriel"),
    "ad": ("ad", "ads", "advert", "advertisement", "publicite", "pub", "banner", "banniere"),
    "creator": ("creator", "influencer", "createur", "createurs", "creatrice", "influenceur",
                "influenceuse"),
    "assistant": ("chatgpt", "assistant", "claude", "gemini", "copilot", "perplexity"),
}  # fmt: skip
# Of two things said in one breath the one that led to the other.
_FIRST: Final = {
    frozenset({"review", "search"}): "review",
    frozenset({"word_of_mouth", "social"}): "word_of_mouth",
}


def answer(text: str) -> str:
    """The word of ``ANSWERS`` that ``text`` says; “other” for what says none, or several.

    >>> answer("Bouche à oreille"), answer("word_of_mouth"), answer("Paul"), answer(" ")
    ('word_of_mouth', 'word_of_mouth', 'other', '')
    """
    if not text.strip():
        return ""
    plain = f"-{conventional(text).replace('_', '-').replace('.', '-')}-"
    if plain.strip("-").replace("-", "_") in ANSWERS:
        return plain.strip("-").replace("-", "_")
    found = {name for name, words in _WORDS.items() if any(f"-{word}-" in plain for word in words)}
    if len(found) > 1:
        found.discard("ad")  # an advertisement on the radio, or on a social network
    if len(found) == 1:
        return found.pop()
    return _FIRST.get(frozenset(found), "other")
