"""A small corpus of made-up releases: source files, the labelled texts made of them, and the labels without the texts."""

import hashlib
import json

from classifier.learning.dehydrated.places import make_files
from classifier.learning.dehydrated.recipe import read_source

NATO_COLUMNS = (
    "id,date,kind,description,url,source,label,annotators,annotator_a,annotator_b,"
    "evidence_a,evidence_b,confidence_a,confidence_b,summary,phrases"
)


def source_file(number):
    """Constructed text of nobody, in the form of the source repository."""
    return (
        f"---\ntags: statements-releases\ndate: '2021-01-{number + 1:02d}'\nsource_url: https://example.org/{number}\n"
        f'title: "Made-up release\\_{number}"\n---\n \n**Allies** met in town {number}. They will\n'
        f"send [help](https://example.org/x) &amp; food.\n\n\\###\n\nThey remain in contact.\n"
    ).encode()


def make_data(folder, count=6):
    """The labelled texts, as a folder in the form of ../shared/data; gives path -> bytes of the source files."""
    folder.mkdir(parents=True, exist_ok=True)
    files, releases, sentences = {}, [], []
    for number in range(count):
        raw, path = source_file(number), f"statements/2021-01/release {number}.md"
        source = read_source(raw)
        files[path] = raw
        text_hash = hashlib.sha256(source.text.encode()).hexdigest()
        name, day = text_hash[:12], f"2021-01-{number + 1:02d}"
        labels = {"label": "cautious", "score": None if number == 1 else -1.5, "annotator_a": "-1", "annotator_b": "-2"}
        labels |= {"evidence_a": "C1", "evidence_b": "C1,C5"}
        hashes = {"raw_sha256": hashlib.sha256(raw).hexdigest(), "text_sha256": text_hash}
        head = {"id": name, "url": source.url, "path": path, "title": source.title, "date": day}
        releases.append(head | labels | hashes | {"text": source.text})
        start = source.text.index("They remain")
        row = {"id": f"{name}-0", "release": name, "date": day, "position": 0, "of": 1, "label": "cautious", "annotator_a": "cautious"}
        row |= {"annotator_b": "neutral", "evidence_a": "C1", "evidence_b": "-"} | ({"spans_paragraphs": True} if number == 2 else {})
        sentences.append(row | {"start": start, "end": len(source.text), "text": source.text[start:]})
    for name, rows in (("releases.jsonl", releases), ("sentences.jsonl", sentences)):
        (folder / name).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    (folder / "nac_statements.csv").write_text(
        f"{NATO_COLUMNS}\n"
        "s1,2001-02-03,nac,Made up,http://127.0.0.1:1/s1.htm,official,hawkish,2,1,1,H1,H2,high,high,Ours.,posture: a few; contact: words\n"
        "s2,2002-02-03,nac,Made up,http://127.0.0.1:1/s2.htm,official,cautious,2,-1,-1,C1,C1,high,high,Ours.,\n"
    )
    for name in ("article4_consultations.csv", "incidents_without_article4.csv"):
        (folder / name).write_text("id,note\nmade-up,Made up.\n")
    return files


def make_labels(folder, data):
    """The labels without the texts."""
    folder.mkdir(parents=True, exist_ok=True)
    make_files(data, folder)
    return folder
