"""The folder of the labels: written anew from the labelled texts, or compared with what they give."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import corpus
from classifier.learning.dehydrated.croissant import METADATA, SUMS, dump_croissant, sum_files
from classifier.learning.dehydrated.strip import strip_labels
from classifier.learning.dehydrated.tables import read_table

LABELS = Path(corpus.__file__).parent
DATA_SHEET = "DATASHEET.md"


def make_files(data: Path, folder: Path) -> list[str]:
    """Writes the tables, the metadata, the counts of the data sheet and the sums; what else is in the folder is left and listed in them.

    Args:
        data: the labelled texts.
        folder: `corpus/` of the project.

    Returns:
        Names of the files written.

    Raises:
        CorpusError: the data are missing or contradict themselves.
    """
    tables = strip_labels(data)
    for name, content in tables.items():
        (folder / name).write_bytes(content)
    (folder / METADATA).write_bytes(dump_croissant(folder))
    sheet = folder / DATA_SHEET
    if sheet.is_file():
        sheet.write_text(_count_anew(sheet.read_text(encoding="utf-8"), folder), encoding="utf-8")
    (folder / SUMS).write_bytes(sum_files(folder))
    return [*tables, METADATA, DATA_SHEET, SUMS] if sheet.is_file() else [*tables, METADATA, SUMS]


def _count_anew(text: str, folder: Path) -> str:
    """The data sheet with the number of rows of each file in its table."""

    def count(found: re.Match[str]) -> str:
        path = folder / found[1]
        if not path.is_file():
            return found[0]
        rows = len(read_table(path)) if path.suffix == ".csv" else path.read_bytes().count(b"\n")
        return f"| `{found[1]}` | {rows:,} |"

    return re.sub(r"^\| `([\w.]+)` \| [\d,]+ \|", count, text, flags=re.MULTILINE)


def differing_files(data: Path, folder: Path) -> list[str]:
    """Names of the files of a folder that `make_files` would change.

    Raises:
        CorpusError: as for `make_files`.
    """
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        for path in folder.iterdir():
            if path.is_file():
                shutil.copy(path, fresh)
        written = make_files(data, fresh)
        return [file for file in written if not (folder / file).is_file() or (folder / file).read_bytes() != (fresh / file).read_bytes()]
