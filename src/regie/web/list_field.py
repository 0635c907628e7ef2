"""The field by which a person brings a list: its value is the path of the uploaded file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xls,text/csv"


class ListField(forms.FileField):
    """The file is on disk until the request ends; who keeps it copies it."""

    def __init__(self, **said: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": ACCEPTED}), **said)

    def clean(self, data: Any, initial: Any = None) -> Path | None:
        file = super().clean(data, initial)
        return Path(file.temporary_file_path()) if file else None
