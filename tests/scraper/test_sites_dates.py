"""Days and press-release numbers as NATO has written them since 1949."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dates import find_day_in_address, find_days, parse_day, parse_issued_day
from scraper.sites.boilerplate import find_account_window, is_language_links, strip_site_name
from scraper.sites.press_numbers import parse_press_number


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [
        ("11 Jul. 2023", "2023-07-11", "classic pages"),
        ("11 Jul. 2023 -", "2023-07-11", "with the dash that a range would need"),
        ("25 May. 2017", "2017-05-25", "a dot even after May"),
        ("03 Dec. 2008", "2008-12-03", "two digits"),
        ("01 October 2026", "2026-10-01", "listing of the new site"),
        ("19-Feb-1999", "1999-02-19", "dashes"),
        ("19 Feb. 1999", "1999-02-19", "docu pages"),
        ("15 Sept. 1999", "1999-09-15", "four letters"),
        ("July 11, 2023", "2023-07-11", "American"),
        ("8th December 1998", "1998-12-08", "ordinal"),
        ("the 8th of December 1998", None, "other words beside it"),
        ("9th-10th June 1994", "1994-06-09", "a range gives its first day"),
        ("8-9 December 1998", "1998-12-08", "a range"),
        ("8 and 9 December 1998", "1998-12-08", "a range in words"),
        ("30 November - 1 December 2021", "2021-11-30", "a range over two months"),
        ("31 December - 1 January 2000", "1999-12-31", "and over two years"),
        ("11 Jul. 2023 - 12 Jul. 2023", "2023-07-11", "a range in full"),
        ("11 juil. 2023", "2023-07-11", "French"),
        ("1er août 2011", "2011-08-01", "French, the first"),
        ("2023-07-11", "2023-07-11", "ISO"),
        ("2023-07-11T10:00:00Z", "2023-07-11", "ISO with time"),
        ("11.07.2023", "2023-07-11", "dots"),
        ("19 Jul. 2023 16:09", "2023-07-19", "with time"),
        ("31 February 2023", None, "no such day"),
        ("2023-13-45", None, "no such month"),
        ("11 Jul. 1850", None, "before any treaty"),
        ("May 2023", None, "no day"),
        ("11 Jul.", None, "no year"),
        ("12 marching bands 2023", None, "no month"),
        ("07/11/2023", None, "July or November: not to be told"),
        ("", None, "nothing"),
    ],
)
def test_parse_day(text, day, reason):
    assert parse_day(text) == day, reason


@pytest.mark.parametrize(
    ("line", "day", "reason"),
    [
        ("Issued on 11 Jul. 2023", "2023-07-11", "classic metadata"),
        ("Issued by the Heads of State and Government in Vilnius 11 July 2023", "2023-07-11", "subtitle"),
        ("Statement issued at the Meeting held in Brussels on 8 December 1998", "1998-12-08", "docu"),
        ("(Adopted on 29 June 2022)", "2022-06-29", "in brackets"),
        ("As of 29 June 2022", "2022-06-29", "as of"),
        ("Last updated: 19 Jul. 2023 16:09", None, "an update"),
        ("Updated: 19 Jul. 2023", None, "an update"),
        ("Issued on 4 April 1949, the treaty still binds us.", None, "prose goes on after the date"),
        ("We recall the text issued on 4 April 1949", None, "prose begins before it"),
        ("Issued in Brussels", None, "no date"),
        ("Issued on 4 April 1949" + " " * 10 + "x" * 500, None, "too long for such a line"),
    ],
)
def test_issued_day(line, day, reason):
    assert parse_issued_day(line) == day, reason


@pytest.mark.parametrize(
    ("url", "day", "reason"),
    [
        ("https://www.nato.int/en/a/official-texts/2025/09/23/slug", "2025-09-23", "new site"),
        ("https://www.nato.int/en/a/1949/04/04/the-treaty", "1949-04-04", "old text, new site"),
        ("http://www.nato.int/docu/comm/49-95/c940609a.htm", "1994-06-09", "communiqué"),
        ("http://www.nato.int/docu/pr/1999/p990915e.htm", "1999-09-15", "unnumbered press release"),
        ("http://www.nato.int/docu/pr/1999/p99-097e.htm", None, "a number, not a day"),
        ("http://www.nato.int/docu/speech/2001/s011210a.htm", "2001-12-10", "speech"),
        ("http://www.nato.int/kosovo/press/1999/k990328a.htm", "1999-03-28", "Kosovo"),
        ("http://www.nato.int/docu/update/2001/05-may/e0508a.htm", "2001-05-08", "update"),
        ("https://www.nato.int/cps/en/natohq/official_texts_217320.htm", None, "classic ids carry no day"),
        ("https://x.example/2025/02/30/y", None, "no such day"),
        ("https://x.example/2025/09/y", None, "a month only"),
        ("https://x.example/news/2025-09-23-slug", "2025-09-23", "others"),
        (None, None, "no address"),
    ],
)
def test_day_in_address(url, day, reason):
    assert find_day_in_address(url) == day, reason


@pytest.mark.parametrize(
    ("line", "number", "reason"),
    [
        ("Press Release (2023) 001", "(2023) 001", "classic"),
        ("Press Release (2008) 153", "(2008) 153", "classic"),
        ("Press Release (2006)150", "(2006) 150", "docu, no blank"),
        ("NATO Press Releases (1999) 097", "(1999) 097", "docu 1999"),
        ("PR (2021) 189", "(2021) 189", "e-mail alert"),
        ("Press Release 2024 001", "(2024) 001", "brackets lost"),
        ("Press Communiqué M-NAC-1(99)51", "M-NAC-1 (1999) 051", "ministerial"),
        ("M-NAC-1(99)51", "M-NAC-1 (1999) 051", "ministerial, alone"),
        ("M-NAC(2003)59", "M-NAC (2003) 059", "ministerial without a count"),
        ("(95)53", "(1995) 053", "1995"),
        ("Press Release (95)53", "(1995) 053", "1995 with its kind"),
        ("(2002)001", "(2002) 001", "yearly index"),
        ("Communiqué de presse (2023) 072", "(2023) 072", "French"),
        ("Press Statement", None, "no number"),
        ("Press Communiqué", None, "no number"),
        ("as announced in Press Release (2021) 189", None, "a number within prose"),
        ("Press Release (2021) 189 announced this.", None, "and at its beginning"),
        ("Resolution (1999) 1244", None, "another's number"),
        ("2024 001", None, "digits alone"),
    ],
)
def test_parse_press_number(line, number, reason):
    assert parse_press_number(line) == number, reason


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("English French", True),
        ("En. / Fr. / Ru. / Ukr.", True),
        ("English | Français | Русский", True),
        ("French", True),
        ("The French text", False),
        ("English French German and more", False),
        ("", False),
    ],
)
def test_is_language_links(line, expected):
    assert is_language_links(line) is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Statement on the straits - NATO", "Statement on the straits"),
        ("NATO - Official text: Statement on the straits", "Statement on the straits"),
        ("NATO - Russia Council statement", "NATO - Russia Council statement"),
        ("Joint declaration on EU-NATO", "Joint declaration on EU-NATO"),
        ("The future of NATO", "The future of NATO"),
    ],
)
def test_without_site_name(title, expected):
    assert strip_site_name(title) == expected


@pytest.mark.parametrize(
    ("lines", "window", "reason"),
    [
        (["NATO MULTIMEDIA ACCOUNT", "Register", "Words."], {"NATO MULTIMEDIA ACCOUNT", "Register"}, "two marks"),
        (["Register", "Words."], set(), "one mark may be a heading"),
        (["Register", "Register"], set(), "the same mark twice is one"),
        (["States may register ships.", "They verify the code of conduct."], set(), "words within sentences"),
        (
            ["Reset password", "Enter the verification code that we sent.", "The sea is calm."],
            {"Reset password", "Enter the verification code that we sent."},
            "sentences of the window",
        ),
    ],
)
def test_account_window(lines, window, reason):
    assert find_account_window(lines) == window, reason


@given(st.dates(min_value=__import__("datetime").date(1900, 1, 1), max_value=__import__("datetime").date(2099, 12, 31)))
def test_every_day_is_read_back_from_every_form(day):
    for form in ("%d %b. %Y", "%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%b-%Y"):
        assert parse_day(day.strftime(form)) == day.isoformat()


@given(st.text(alphabet="0123456789 -./thofJulyMayDec2023", max_size=60))
def test_finding_days_never_fails_and_stays_in_the_text(text):
    end = 0
    for found in find_days(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end
