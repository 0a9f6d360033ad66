"""The shape of the house: sizes, names, words that must not be there."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = [p for room in ("scraper", "classifier", "models", "corpus") for p in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sizes(path):
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") < 300, "a module is one thing: below 300 lines"
    assert not re.search(r"(utils|helpers|manager|misc|common)", path.stem)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 80, f"{node.name} is longer than 80 lines"
            assert node.name != path.stem, "no function bears its module's name"


def test_a_local_file_is_scored_without_the_heavy_rooms(tmp_path):
    """Cold start is measured; what must not be loaded for it is checked here. spaCy itself brings requests and jinja2 in."""
    file = tmp_path / "statement.txt"
    statement = "The Council met and agreed that two frigates will be sent to the strait, with which Allies have long been familiar."
    file.write_text(statement, encoding="utf-8")
    code = (
        "import sys, spacy; brought = set(sys.modules); sys.argv = ['nac', 'score', sys.argv[1], '--format', 'json']\n"
        "from classifier.desk.entry import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'sklearn', 'scipy', 'scraper.fetch', 'requests', 'trafilatura', 'sqlalchemy', 'jinja2', 'bs4', 'py3langid'}\n"
        "print(sorted(heavy & (set(sys.modules) - brought)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, classifier, scraper; print(sorted({'spacy', 'requests', 'sklearn', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
