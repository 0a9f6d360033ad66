"""When a site's layout counts as changed, and what is kept as evidence."""

import json

import pytest

from scraper.discover.watch import LayoutWatch
from scraper.errors import BlockPage, LayoutChanged, NotAStatement, NotFound, ReadError
from scraper.pages import Page
from scraper.read import read_release
from tests.discover import made

WORDS = "The harbour masters met in the lighthouse and looked at the buoys that were lost in the strait during last week's storm. " * 3


def page(number=0, content=b"<p>x</p>"):
    url = f"https://a.example/{number}"
    return Page(url, url, 200, content, "text/html", None, {}, "2026-03-05T10:00:00+00:00")


def count(watch, read=0, refused=0, error=NotAStatement):
    release = read_release(made.page("On buoys", [WORDS]), source_name="made up")
    for number in range(read):
        watch.count_read(page(number), release)
    for number in range(refused):
        watch.count_refused(page(number), error(f"page {number}: made up", hint="x"))


CASES = [
    # read, refused, error, changed, why
    (0, 19, NotAStatement, False, "too few pages to tell"),
    (0, 20, NotAStatement, True, "none can be read"),
    (10, 10, NotAStatement, False, "half"),
    (9, 11, NotAStatement, True, "more than half"),
    (9, 11, ReadError, True, "no usable text"),
    (100, 20, NotAStatement, False, "some pages are always odd"),
    (0, 50, BlockPage, False, "challenges stand before the layout"),
    (0, 50, NotFound, False, "pages that never came"),
]


@pytest.mark.parametrize(("read", "refused", "error", "changed", "why"), CASES)
def test_changed_or_not(read, refused, error, changed, why):
    watch = LayoutWatch("nato", frozenset({"nato"}))
    count(watch, read, refused, error)
    if not changed:
        watch.check()
        return
    with pytest.raises(LayoutChanged, match=f"nato: {refused} of {read + refused} pages") as caught:
        watch.check()
    assert caught.value.exit_code == 6, why


def test_pages_that_another_layout_had_to_read_count_as_refused():
    watch = LayoutWatch("nato-archive", frozenset({"nato_classic"}))
    count(watch, read=20)
    assert (watch.read, watch.refused) == (0, {"unusual_layout": 20})
    with pytest.raises(LayoutChanged, match="unusual_layout 20"):
        watch.check()
    anything = LayoutWatch("feed")
    count(anything, read=20)
    anything.check()


def test_share_and_least_are_settings():
    watch = LayoutWatch("feed", share=0.1, least=5)
    count(watch, read=4, refused=1)
    with pytest.raises(LayoutChanged):
        watch.check()


def test_samples_are_few_and_say_why(tmp_path):
    watch = LayoutWatch("my source/../x", most_samples=2)
    count(watch, refused=5)
    watch.save_samples(tmp_path / "new" / "samples")
    written = watch.save_samples(tmp_path / "new" / "samples")  # again: replaced, not doubled
    assert [path.name for path in written] == ["my-source-x-1.html", "my-source-x-2.html"]
    assert sorted(path.name for path in (tmp_path / "new" / "samples").iterdir()) == [
        "my-source-x-1.html",
        "my-source-x-1.json",
        "my-source-x-2.html",
        "my-source-x-2.json",
    ]
    assert written[0].read_bytes() == b"<p>x</p>"
    assert json.loads(written[0].with_suffix(".json").read_text()) == {
        "url": "https://a.example/0",
        "retrieved_at": "2026-03-05T10:00:00+00:00",
        "content_type": "text/html",
        "code": "not_a_statement",
        "reason": "page 0: made up",
    }
