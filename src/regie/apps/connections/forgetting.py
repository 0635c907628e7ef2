"""Takes a person's names out of kept inputs, and out of what is told of imports.

An input is mended in its own form (text, JSON, workbook, archive); an old workbook (XLS) becomes an
XLSX of the same cells. Where its rows named the person and nothing could be mended, the input
itself goes: its facts stay, it can be read no more.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import tempfile
import time
import zipfile
import zlib
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from regie.apps.connections import storage
from regie.apps.connections.models import AccountAnswer, Import
from regie.domain.privacy.masking import Mask, is_personal
from regie.domain.privacy.names import Names
from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.files.workbook import OLE, sheets
from regie.warehouse.lake import sync_folder
from regie.warehouse.upkeep import GRACE_S

TOLD = ("options", "totals", "counts", "refused", "header", "notes", "question", "needs")
REMOVED = "removed"  # stands where the place of the input stood
_ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass
class Mended:
    """``inputs`` were written again, of imports ``removed`` they could not be.

    ``former`` are to be removed; ``last`` is the number of the last import that was looked at.
    """

    inputs: int = 0
    removed: list[int] = field(default_factory=list)
    imports: int = 0
    former: list[str] = field(default_factory=list)
    last: int = 0


def mend_imports(
    organisations: Collection[int], names: Names, *, named: Collection[int], by: str = "",
    after: int = 0, dry: bool = False,
) -> Mended:  # fmt: skip
    """What imports ``after`` that number hold of the person.

    ``named`` are imports whose facts named him. ``dry`` changes nothing.
    """
    mended = Mended(last=after)
    records = Import.objects.filter(organisation_id__in=list(organisations), pk__gt=after)
    for record in records.order_by("pk"):
        mended.last = record.pk
        mask = Mask(names, by)
        told = {name: mask.value(getattr(record, name)) for name in TOLD}
        told["file_name"] = _file_name(mask, record.file_name)
        mended.imports += mask.count > 0
        path = _input(record, mended, names, by, must=record.pk in named, dry=dry)
        if not dry and (mask.count or path != record.raw_path):
            Import.objects.filter(pk=record.pk).update(**told, raw_path=path)
    if not dry:
        _forget_answers(organisations, names)
    return mended


def _file_name(mask: Mask, name: str) -> str:
    """An address before the ending is an address: with it, it would be one of another domain."""
    stem, dot, ending = mask.text(name).rpartition(".")
    return mask.text(stem) + dot + ending if dot else ending


def _forget_answers(organisations: Collection[int], names: Names) -> None:
    """What was answered once of files with such a name is asked again where the name tells."""
    mask = Mask(names)
    for answer in AccountAnswer.objects.filter(organisation_id__in=list(organisations)):
        if _file_name(mask, answer.signature) != answer.signature:
            answer.delete()


def remove_inputs(paths: Collection[str]) -> None:
    """Remove former inputs that no import reads any more, once the others are committed."""
    kept = set(Import.objects.filter(raw_path__in=list(paths)).values_list("raw_path", flat=True))
    for path in set(paths) - kept:
        (storage.raw_folder() / path).unlink(missing_ok=True)


def stray_inputs(names: Names) -> list[str]:
    """Inputs that name the person, that no import reads, and that nobody is bringing now."""
    kept = set(Import.objects.values_list("raw_path", flat=True))
    raw = storage.raw_folder()
    return [
        relative
        for path in sorted(raw.glob("*/*"))
        if (relative := str(path.relative_to(raw))) not in kept
        and time.time() - path.stat().st_mtime >= GRACE_S
        and mended_bytes(content := path.read_bytes(), names) != content
    ]


def _input(record: Import, mended: Mended, names: Names, by: str, *, must: bool, dry: bool) -> str:
    """Where the input of ``record`` lies from now on."""
    former: str = record.raw_path
    source = storage.raw_folder() / former
    if not source.is_file():
        return former
    content = source.read_bytes()
    told = mended_bytes(content, names, by)
    if told == content and not must:
        return former
    mended.former.append(former)
    if told == content:
        mended.removed.append(record.pk)
        return REMOVED
    mended.inputs += 1
    return former if dry else _keep(told)


def mended_bytes(content: bytes, names: Names, by: str = "") -> bytes:
    """``content`` without the names; the same bytes where it names nobody."""
    if content[:4] == b"PK\x03\x04":
        with suppress(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
            return _archive(content, names, by)
        return content
    if content[:2] == b"\x1f\x8b":
        with suppress(OSError, EOFError, zlib.error):
            inside = gzip.decompress(content)
            told = mended_bytes(inside, names, by)
            return content if told == inside else gzip.compress(told, mtime=0)
        return content
    if content[:4] == OLE:
        with suppress(UnreadableFile):
            return _old_workbook(content, names, by)
        return content
    return _text(content, names, by)


def _old_workbook(content: bytes, names: Names, by: str) -> bytes:
    """The same cells as XLSX, as text: whoever reads the input reads what he read before."""
    import openpyxl  # who only imports does without

    mask = Mask(names, by)
    book = openpyxl.Workbook(write_only=True)
    with tempfile.TemporaryDirectory(prefix="regie-mend-") as folder:
        path = Path(folder) / "workbook"
        path.write_bytes(content)
        for name, table in sheets(path, Path(folder)):
            sheet = book.create_sheet(mask.text(name))
            for row in csv.reader(io.StringIO(mask.table(table.read_text("utf-8")))):
                sheet.append(row)
    if not mask.count:
        return content
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _archive(content: bytes, names: Names, by: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        if "xl/workbook.xml" in source.namelist():
            content = _workbook(content, names, by)
    made = io.BytesIO()
    is_changed = False
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for one in source.infolist():
            inside = source.read(one)
            told = mended_bytes(inside, names, by)
            is_changed |= told != inside
            target.writestr(one, told, zipfile.ZIP_DEFLATED)
    return made.getvalue() if is_changed else content


def _workbook(content: bytes, names: Names, by: str) -> bytes:
    """Whole cells beneath a personal heading; what is written elsewhere is told by its text."""
    import openpyxl  # who only imports does without

    book = openpyxl.load_workbook(io.BytesIO(content))
    is_changed = False
    for sheet in book.worksheets:
        places: list[int] = []
        for row in sheet.iter_rows():
            headings = [one.column for one in row if is_personal(str(one.value or ""))]
            if headings:
                places = headings
                continue
            for one in row:
                if one.column in places and str(one.value) in names.all:
                    one.value = by or None
                    is_changed = True
    if not is_changed:
        return content
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _text(content: bytes, names: Names, by: str) -> bytes:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = _ENCODINGS
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        mask = Mask(names, by)
        is_markup = text.lstrip()[:1] == "<"
        told = mask.text(text) if is_markup else mask.table(text)
        if not mask.count:
            return content
        made = told.encode(encoding, "replace")
        # The mark of the encoding is there again only where it was.
        is_marked = content.startswith(b"\xef\xbb\xbf")
        return made if is_marked or encoding != "utf-8-sig" else made.removeprefix(b"\xef\xbb\xbf")
    return content


def _keep(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    relative = f"{digest[:2]}/{digest}"
    target: Path = storage.raw_folder() / relative
    target.parent.mkdir(exist_ok=True)
    temporary = target.with_name(f".{digest}.{os.getpid()}.part")
    with temporary.open("wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    temporary.rename(target)
    sync_folder(target.parent)
    return relative
