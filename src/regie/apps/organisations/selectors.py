"""Reads about organisations; row security already hides those of others."""

from regie.apps.organisations.models import Organisation

DEFAULT_SLUG = "default"


def visible_organisations() -> list[Organisation]:
    """Every organisation that the current context may see, in the order of the tree."""
    return list(Organisation.objects.order_by("path"))


def by_slug(slug: str) -> Organisation | None:
    return Organisation.objects.filter(slug=slug).first()


def branch_of(organisation: Organisation) -> list[Organisation]:
    """The organisation and all those below it."""
    return list(Organisation.objects.filter(path__startswith=organisation.path).order_by("path"))


def line_above(organisation: Organisation) -> list[Organisation]:
    """The organisations from the root down to the parent, as far as the context may see."""
    ids = [int(part) for part in organisation.path.strip("/").split("/")][:-1]
    return list(Organisation.objects.filter(pk__in=ids).order_by("path"))


def children_of(organisation: Organisation) -> list[Organisation]:
    return list(Organisation.objects.filter(parent=organisation).order_by("name", "pk"))
