"""Errors that a person can act on: what happened, on what, and what to do next."""

from __future__ import annotations

from regie.kernel.i18n import Sentence


class RegieError(Exception):
    """Something went wrong that a person can understand and mend.

    ``code`` is for machines, ``sentence`` and ``hint`` are for people (translated at the edge).
    """

    code = "error"

    def __init__(
        self, sentence: str | Sentence, *, hint: str | Sentence = "", code: str = ""
    ) -> None:
        self.sentence = Sentence.of(sentence)
        self.hint = Sentence.of(hint)
        if code:
            self.code = code
        super().__init__(" ".join(filter(None, (str(self.sentence), str(self.hint)))))


class WrongUse(RegieError):
    """The question or the call cannot be understood; nothing was done."""

    code = "wrong_use"


class Refused(RegieError):
    """What was asked is understood and will not be done; nothing was done."""

    code = "refused"


class Forbidden(RegieError):
    """The actor may not do this."""

    code = "forbidden"


class NotFound(RegieError):
    """Absent, or hidden: the two answer alike."""

    code = "not_found"
