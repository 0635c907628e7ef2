"""Turns cells of text into exact values, inside the engine, without a Python loop.

Each function gives an SQL expression over a cell. The cheap cast comes first and answers almost
all cells; what it refuses goes through the patient reading (spaces, marks, signs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regie.ingestion import amount_codes
from regie.ingestion.labels import normal
from regie.kernel.money import MINOR_DIGITS

NULLS = ("", "--", "-", "—", "–", "n/a", "N/A", "null", "NULL", "None", "< 10%", "<10%")
_NULL_LIST = ", ".join(f"'{token}'" for token in NULLS)
_SPACES = "[\\s\u00a0\u202f\u2009']"
_MONTHS = (
    ("janvier", "jan"), ("janv.", "jan"), ("février", "feb"), ("févr.", "feb"), ("mars", "mar"),
    ("avril", "apr"), ("avr.", "apr"), ("mai", "may"), ("juin", "jun"), ("juillet", "jul"),
    ("juil.", "jul"), ("août", "aug"), ("septembre", "sep"), ("sept.", "sep"),
    ("octobre", "oct"), ("oct.", "oct"), ("novembre", "nov"), ("nov.", "nov"),
    ("décembre", "dec"), ("déc.", "dec"), ("janv-", "jan-"), ("févr-", "feb-"), ("avr-", "apr-"),
    ("juil-", "jul-"), ("sept-", "sep-"), ("déc-", "dec-"),
)  # fmt: skip
_EARNED = (
    ("follow", ("follow", "follows", "follower", "followers", "new follower", "new followers",
                "subscriber", "subscribers", "subscription", "abonné", "abonnés", "abonnée",
                "abonnées", "abonnement", "abonnements", "nouvel abonné", "nouveaux abonnés")),
    ("unfollow", ("unfollow", "unfollows", "follower lost", "followers lost", "unsubscription",
                  "désabonnement", "désabonnements", "abonné perdu", "abonnés perdus")),
    ("like", ("like", "likes", "reaction", "reactions", "réaction", "réactions", "j'aime",
              "mention j'aime", "mentions j'aime")),
    ("comment", ("comment", "comments", "commentaire", "commentaires")),
    ("share", ("share", "shares", "repost", "reposts", "retweet", "retweets", "partage",
               "partages", "republication", "republications")),
    ("mention", ("mention", "mentions", "citation", "citations")),
    ("review", ("review", "reviews", "avis", "évaluation", "évaluations")),
)  # fmt: skip
# "Tue, Sep 1, 2026", "mardi 1er septembre 2026": the name of the day says nothing more.
_BEFORE_DAY = r"^\s*(?:[a-z]+, |[a-zé]+\.? )?(\d{1,2} |[a-z]+ \d)"


@dataclass(frozen=True)
class Locale:
    """How one file writes: decided once, from its money columns and its dates."""

    decimal: str = "."
    date_order: str = ""
    currency: str = ""  # the code that most amounts carry, where they do


ISO = Locale()


def is_null(cell: str) -> str:
    """Whether the file says "no value" there (never the same as zero)."""
    return f"({cell} IS NULL OR trim({cell}, ' \u00a0\u202f\t') IN ({_NULL_LIST}))"


def is_bound(cell: str) -> str:
    """Whether the cell gives a limit and no figure: ``< 10 %``."""
    space = _quoted_spaces()
    return f"regexp_full_match({cell}, '{space}*[<>]{space}*\\d+{space}*%{space}*')"


def text(cell: str) -> str:
    return f"CASE WHEN {is_null(cell)} THEN NULL ELSE trim({cell}) END"


def identifier(cell: str) -> str:
    """Text that is not a number damaged by a spreadsheet (``1.2E+17``).

    Of a resource name (``urn:li:organization:10429``) the id alone, as other tables give it.
    """
    damaged = f"regexp_full_match({cell}, '\\s*\\d+([.,]\\d+)?[eE]\\+?\\d+\\s*')"
    plain_id = f"regexp_replace(trim({cell}), '\\.0$', '')"
    named = f"starts_with({cell}, 'urn:') OR starts_with({cell}, 'gid://')"
    bare = f"regexp_extract(trim({cell}), '[^:/]+$')"
    return (
        f"CASE WHEN {is_null(cell)} OR {damaged} THEN NULL WHEN {named} THEN {bare} "
        f"ELSE {plain_id} END"
    )


def number(cell: str, locale: Locale, type_: str = "DECIMAL(20,9)", *, code: str = "") -> str:
    """An exact decimal, or NULL where the cell holds no number in this file's way of writing.

    ``code`` is a pattern of what may stand at one of its ends: the code of its currency.
    """
    patient = _patient(cell, locale, type_, code)
    if locale.decimal == ".":
        quick = f"CASE WHEN contains({cell}, '_') THEN NULL ELSE try_cast({cell} AS {type_}) END"
        return f"coalesce({quick}, {patient})"
    quick = f"CASE WHEN contains({cell}, '_') THEN NULL ELSE try_cast({cell} AS BIGINT) END"
    with_comma = f"try_cast(replace({cell}, ',', '.') AS {type_})"
    return (
        f"CASE WHEN contains({cell}, '.') OR contains({cell}, '_') THEN {patient} "
        f"WHEN contains({cell}, ',') THEN coalesce({with_comma}, {patient}) "
        f"ELSE coalesce(try_cast({quick} AS {type_}), {patient}) END"
    )


def code_of(cell: str) -> str:
    """The code of the currency that stands beside the figure; NULL where there is none."""
    return (
        f"CASE WHEN regexp_matches({cell}, '[A-Za-z]{{3}}') "
        f"THEN {amount_codes.code_of(_bare(cell))} END"
    )


def _bare(cell: str) -> str:
    """Without spaces and signs of currencies; what accountants write (1.00) or 1.00- is -1.00."""
    bare = f"regexp_replace(replace({cell}, '−', '-'), '{_quoted_spaces()}|[€$£%]', '', 'g')"
    return f"regexp_replace({bare}, '^(?:\\(([^()+-]+)\\)|([\\d.,]+)-)$', '-\\1\\2')"


def _patient(cell: str, locale: Locale, type_: str, code: str) -> str:
    bare = amount_codes.without(code, _bare(cell)) if code else _bare(cell)
    group, mark = (",", ".") if locale.decimal == "." else (".", ",")
    grouped = f"[+-]?\\d{{1,3}}(\\{group}\\d{{3}})+(\\{mark}\\d*)?"
    shape = f"{grouped}|[+-]?\\d*(\\{mark}\\d+)?([eE][+-]?\\d+)?"
    clean = f"replace(replace({bare}, '{group}', ''), '{mark}', '.')"
    return (
        f"CASE WHEN {is_null(cell)} THEN NULL WHEN regexp_full_match({bare}, '{shape}') "
        f"THEN try_cast({clean} AS {type_}) END"
    )


def _quoted_spaces() -> str:
    return _SPACES.replace("'", "''")


def micros(cell: str) -> str:
    return f"CAST(try_cast({cell} AS DECIMAL(26,6)) / 1000000 AS DECIMAL(20,9))"


def minor(cell: str, currency: str) -> str:
    """An amount in the smallest unit of ``currency`` (an SQL expression): 1999 JPY is 1999."""
    cases = " ".join(
        f"WHEN '{code}' THEN {10**digits}" for code, digits in sorted(MINOR_DIGITS.items())
    )
    return (
        f"CAST(try_cast({cell} AS DECIMAL(26,6)) / "
        f"(CASE upper({currency}) {cases} ELSE 100 END) AS DECIMAL(20,9))"
    )


def share(cell: str, locale: Locale) -> str:
    """A ratio as a fraction: ``12,5 %`` and ``0.125`` are the same."""
    value = number(cell, locale)
    hundredth = f"CAST({value} / 100 AS DECIMAL(20,9))"
    return f"CASE WHEN contains({cell}, '%') THEN {hundredth} ELSE {value} END"


def flag(cell: str) -> str:
    return (
        f"CASE lower(trim({cell})) WHEN 'true' THEN true WHEN '1' THEN true WHEN 'yes' THEN true "
        "WHEN 'oui' THEN true WHEN 'vrai' THEN true WHEN 'false' THEN false WHEN '0' THEN false "
        "WHEN 'no' THEN false WHEN 'non' THEN false WHEN 'faux' THEN false END"
    )


def day(cell: str, locale: Locale) -> str:
    """A day, from ISO, compact, spelled-out or slashed dates (in the file's own order)."""
    formats = [*_slashed(locale), "%Y%m%d", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y",
               "%d-%b-%y", "%d-%b-%Y"]  # fmt: skip
    listed = ", ".join(f"'{one}'" for one in formats)
    spelled = _spelled(cell)
    bare = f"trim({cell}, ' \u00a0\u202f')"
    # Four digits: the engine would take 12/9/25 for a day of the year 12.
    is_iso = f"regexp_matches({bare}, '^\\d{{4}}[-/]')"
    iso = f"CASE WHEN {is_iso} THEN try_cast({bare} AS DATE) END"
    day_part = "^[^:]*[^: \\d]*\\d{4}|^\\d+/\\d+/\\d+|^\\d{8}$"
    with_time = f"try_strptime(regexp_extract({spelled}, '{day_part}'), [{listed}])"
    return (
        f"coalesce({iso}, CAST(try_strptime(trim({spelled}), [{listed}]) AS DATE), "
        f"CAST({with_time} AS DATE))"
    )


def month(cell: str) -> str:
    """The first day of a month that is written as such: ``2026-09``, ``septembre 2026``."""
    listed = "'%Y-%m', '%m/%Y', '%B %Y', '%b %Y', '%b-%y'"
    return f"CAST(try_strptime(trim({_spelled(cell)}), [{listed}]) AS DATE)"


def _spelled(cell: str) -> str:
    """In small letters, with the English names of months and without those of days."""
    text = f"regexp_replace(replace(lower({cell}), '1er ', '1 '), '{_BEFORE_DAY}', '\\1')"
    for french, english in _MONTHS:
        text = f"replace({text}, '{french}', '{english}')"
    return text


def sale(cell: str) -> str:
    """``order`` or ``refund``, in English or French."""
    return (
        f"CASE WHEN lower(trim({cell})) IN ('order', 'sale', 'commande', 'vente') THEN 'order' "
        f"WHEN lower(trim({cell})) IN ('refund', 'return', 'remboursement', 'avoir', 'retour') "
        "THEN 'refund' END"
    )


def earned(cell: str) -> str:
    """The kind of earned media, in English or French, one of it or several."""
    return meaning(cell, _EARNED, others="NULL")


def meaning(cell: str, meanings: Sequence[tuple[str, Sequence[str]]], *, others: str = "") -> str:
    """Our name of what the cell says; what nobody has named is ``others``, or stays as it is."""
    plain = f"lower(strip_accents(replace(trim({cell}), '’', '''')))"
    cases = " ".join(
        f"WHEN {plain} IN ({', '.join(_quoted(normal(one)) for one in texts)}) THEN '{name}'"
        for name, texts in meanings
    )
    return f"CASE {cases} ELSE {others or text(cell)} END"


def _quoted(plain: str) -> str:
    return "'" + plain.replace("'", "''") + "'"


def is_code(cell: str) -> str:
    """Whether the cell can be the code of a currency."""
    return f"coalesce(regexp_full_match({cell}, '\\s*[A-Za-z]{{3}}\\s*'), false)"


def _slashed(locale: Locale) -> list[str]:
    return {
        "mdy": ["%m/%d/%y", "%m/%d/%Y", "%m-%d-%Y"],
        "dmy": ["%d/%m/%y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
    }.get(locale.date_order, [])


def moment(cell: str, time_zone: str, locale: Locale = ISO) -> str:
    """A UTC timestamp; a time without an offset is of ``time_zone``."""
    stamp = f"trim({cell})"
    local = f"try_cast({stamp} AS TIMESTAMP)"
    if _slashed(locale):
        times = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", ", %I:%M %p")
        listed = ", ".join(f"'{day}{time}'" for time in times for day in _slashed(locale))
        local = f"coalesce({local}, try_strptime({stamp}, [{listed}]))"
    has_offset = f"regexp_matches({stamp}, '(Z|UTC|[+-]\\d{{2}}:?\\d{{2}})$')"
    # Shops write the offset apart: 2026-09-01 09:50:26 +0200.
    joined = f"regexp_replace({stamp}, '\\s+([+-]\\d{{2}}:?\\d{{2}})$', '\\1')"
    zone = time_zone.replace("'", "''")
    return (
        f"CASE WHEN {has_offset} THEN try_cast({joined} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' "
        f"ELSE timezone('UTC', timezone('{zone}', {local})) END"
    )


def day_of_moment(cell: str, time_zone: str, day_zone: str, locale: Locale = ISO) -> str:
    """The day of a moment in ``day_zone``; a time without an offset is of ``time_zone``."""
    zone = day_zone.replace("'", "''")
    return f"CAST(timezone('{zone}', timezone('UTC', {moment(cell, time_zone, locale)})) AS DATE)"
