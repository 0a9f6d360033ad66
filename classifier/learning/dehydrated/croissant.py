"""The corpus as a data set for machines: Croissant metadata, and SHA-256 sums of its files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

from classifier.learning.dehydrated.recipe import BASE_URL
from classifier.learning.labelled.row import CorpusError

METADATA = "croissant.json"
SUMS = "SHA256SUMS"
UNLISTED = frozenset({SUMS, "__init__.py", "py.typed", "README.md"})
"""Files of the folder that the sums leave out: they are the package's, not the corpus's."""

DESCRIPTIONS = {
    "releases.csv": "Labels of real government releases of 2021-2023, by address and hash; no text.",
    "sentences.csv": "Labels of sentences of those releases, by offset and hash; no text.",
    "pool_releases.csv": "Labels of further real releases of 2021-2022, by path and hash; no text.",
    "pool_sentences.csv": "Labels of sentences of further releases, by offset; no text.",
    "nac_statements.csv": "Index of real statements of NATO's North Atlantic Council, 1992-2025, with labels; no text.",
    "article4_consultations.csv": "Every consultation under Article 4 that NATO counts, 2003-2025: facts with sources.",
    "incidents_without_article4.csv": "Incidents, 2015-2026, after which nobody is known to have asked for consultations.",
    "constructed.jsonl": "Constructed statements for training, with labels of the whole and of each sentence.",
    "constructed_test.jsonl": "Constructed statements for testing only, in the Council's register.",
}
_WHOLE = ("start", "end", "position", "of", "annotators")
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_PROSE = {
    "name": "nac-stance-corpus",
    "description": (
        "Labels for whether official statements on security are hawkish or cautious: of real releases and their sentences without the "
        "texts, of constructed statements with them, an index of real statements of the North Atlantic Council, and a register of "
        f"consultations under Article 4. The real texts can be had again from {BASE_URL} with `nac corpus hydrate`."
    ),
    "license": "https://www.apache.org/licenses/LICENSE-2.0",
    "isBasedOn": "https://github.com/brian14708/wh-briefings",
    "version": "0.1.0",
    "datePublished": "2026-11-22",
    "citeAs": "nac-stance contributors (2026). nac-stance corpus, version 0.1.0.",
    "rai:dataAnnotationProtocol": "CODEBOOK.md; two independent annotators a text, disputed where they differ; see DATASHEET.md.",
    "rai:dataAnnotationPlatform": "Large language models reading the codebook; no human experts.",
    "rai:dataBiases": "Real training texts are of one government, 2021-2023; the constructed ones are by language models.",
    "rai:dataUseCases": "Training and evaluating classifiers of stance in diplomatic statements; not for predicting events.",
    "rai:personalSensitiveInformation": "Names of office-holders in titles of addresses; nothing private.",
}


def build_croissant(folder: Path) -> dict[str, Any]:
    """Croissant 1.1 metadata of the corpus in a folder: each of its files with its hash, each table with its columns.

    Raises:
        CorpusError: the folder holds none of the files.
    """
    present = [name for name in DESCRIPTIONS if (folder / name).is_file()]
    if not present:
        raise CorpusError(f"{folder}: holds no file of the corpus", hint="name the folder corpus/ of the project", exit_code=1)
    tables = [name for name in present if name.endswith(".csv")]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        **_PROSE,
        "creator": {"@type": "sc:Organization", "name": "nac-stance contributors"},
        "distribution": [_file(folder, name) for name in present],
        "recordSet": [_record_set(folder, name) for name in tables],
    }


def _file(folder: Path, name: str) -> dict[str, Any]:
    content = (folder / name).read_bytes()
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "description": DESCRIPTIONS[name],
        "contentUrl": name,
        "contentSize": f"{len(content)} B",
        "encodingFormat": "text/csv" if name.endswith(".csv") else "application/jsonlines",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _record_set(folder: Path, name: str) -> dict[str, Any]:
    columns = next(csv.reader(io.StringIO((folder / name).read_text(encoding="utf-8"))))
    stem = name.removesuffix(".csv")
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{stem}/{column}",
            "name": f"{stem}/{column}",
            "dataType": "sc:Integer" if column in _WHOLE else "sc:Text",
            "source": {"fileObject": {"@id": name}, "extract": {"column": column}},
        }
        for column in columns
    ]
    return {"@type": "cr:RecordSet", "@id": stem, "name": stem, "description": DESCRIPTIONS[name], "field": fields}


def dump_croissant(folder: Path) -> bytes:
    """The bytes of `croissant.json`."""
    return (json.dumps(build_croissant(folder), indent=1, ensure_ascii=False) + "\n").encode()


def sum_files(folder: Path) -> bytes:
    """The bytes of `SHA256SUMS`, as `sha256sum --check` reads them: every file of the corpus, by name."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name not in UNLISTED and not path.name.startswith("."))
    return "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names).encode()
