"""`nac watch`: what can be watched, and with which options."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from classifier.desk.commands.collect import Kind, check_numbers, make_window
from classifier.desk.commands.endings import USAGE, end
from classifier.desk.commands.options import Database
from classifier.desk.commands.settings import make_app
from classifier.desk.entry import INTERRUPTED
from classifier.desk.interrupts import Terminated, end_on_sigterm
from classifier.desk.output import OutputError, tell

if TYPE_CHECKING:
    from classifier.desk.collecting import CollectWish
    from scraper.posting import Post

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_EPILOG = """
A SOURCE is nato, nato-archive, feed:ADDRESS, urls:FILE or mirror:FOLDER; see nac collect --help.

\b
Examples:
  nac watch nato --every 30m > scores.jsonl
  nac watch nato feed:https://www.act.nato.int/feed/ --atom /srv/www/stance.xml
  nac watch nato --once --quiet
  SECRET=... nac watch nato --webhook https://example.org/hook --webhook-secret-env SECRET

\b
What is told: each wording that the current model has not scored before and that is not older than the days watched,
as a line of JSON like those of nac score --format jsonl. After a restart nothing is left out; what was told just
before the process ended may be told again.

\b
Webhook: a POST of JSON with the headers Idempotency-Key (the same for each attempt), NAC-Timestamp (seconds since
1970) and NAC-Signature: v1=HMAC-SHA256 in hexadecimal of timestamp, a full stop and the body. A message is sent until
it is answered with 2xx; what waits is kept in the store.

\b
Exit codes:
  0    ended by SIGTERM, or the round of --once went well
  1    a round of --once failed in several ways, the store or a file cannot be written
  2    usage
  3    --once: pages were refused, blocked or not reached
  4    the model cannot be used
  6    --once: nothing was found, or the site's layout has changed
  130  interrupted
"""

app = make_app()


@app.command("watch", epilog=_EPILOG)
def watch_command(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="What is watched.", show_default=False)],
    every: Annotated[str, typer.Option(metavar="TIME", help="From the start of one round to the next: 90s, 30m, 2h, 1d.")] = "30m",
    once: Annotated[bool, typer.Option("--once", help="One round, for cron.")] = False,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="First day watched. [default: 60 days ago]", show_default=False)] = None,
    kind: Annotated[Kind | None, typer.Option(help="Texts of the Council, or all. [default: the source's]", show_default=False)] = None,
    db: Database = None,
    model: Annotated[str | None, typer.Option("--model", metavar="NAME|DIR", help="A model other than the one in use.")] = None,
    atom: Annotated[Path | None, typer.Option(metavar="FILE", help="Keep an Atom feed of the newest scores there.")] = None,
    webhook: Annotated[str | None, typer.Option(metavar="URL", help="Post each new score there.")] = None,
    webhook_secret_env: Annotated[str | None, typer.Option(metavar="NAME", help="Environment variable with the secret.")] = None,
    pace: Annotated[float | None, typer.Option(metavar="S", help="Least seconds between two requests to a host. [default: 1]")] = None,
    patience: Annotated[float, typer.Option(metavar="S", help="Pause before a failed page is tried again; later ones are longer.")] = 5.0,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Also call this machine and private networks.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing of rounds that went well.")] = False,
) -> None:
    """Collect again and again, score what is new, and tell of it."""
    from classifier.desk.files import check_writable
    from classifier.desk.watching import WatchWish, find_first_day, watch
    from classifier.scoring.errors import ModelError
    from scraper.collect.patience import Patience
    from scraper.errors import ScraperError

    check_numbers(pace, patience)

    def first_day() -> str:
        return since or find_first_day()

    def list_wishes() -> list[CollectWish]:
        shared = {"db": db, "pace": pace, "allow_private": allow_private, "quiet": True, "patience": Patience(first=patience)}
        return [_make_wish(source, first_day(), kind, shared) for source in sources]

    try:
        if atom:
            check_writable(atom)
        wish = WatchWish(
            sources=list_wishes,
            names=", ".join(sources),
            db=db,
            every=read_duration(every),
            once=once,
            since=first_day,
            atom=atom,
            post=_make_post(webhook, webhook_secret_env, allow_private=allow_private),
            model=model,
            quiet=quiet,
        )
        with end_on_sigterm():
            list_wishes()  # says at once what is misspelt
            code = watch(wish)
    except (ScraperError, ModelError) as error:
        end(error.message, error.hint, error.exit_code)
    except OutputError as error:
        end(f"standard output: {error}", error.hint, 1)
    except Terminated:
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        tell("interrupted.")
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(code)


def read_duration(words: str) -> float:
    """Seconds of `90s`, `30m`, `2h`, `1d`; ends with 2 where it is none."""
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", words.strip())
    seconds = int(match[1]) * _UNITS[match[2]] if match else 0
    if seconds < 1:
        end(f"--every: {words!r} is no time", "write 90s, 30m, 2h or 1d", USAGE)
    return float(seconds)


def _make_wish(source: str, since: str, kind: Kind | None, shared: Mapping[str, object]) -> CollectWish:
    from classifier.desk.collecting import CollectWish

    name, _, target = source.partition(":")
    window = make_window(name, target or None, since=since, until=None, kind=kind, limit=None)
    return CollectWish(source=name, target=target or None, window=window, **shared)  # type: ignore[arg-type]


def _make_post(url: str | None, secret_name: str | None, *, allow_private: bool) -> Post | None:
    if url is None:
        return None
    secret = os.environ.get(secret_name or "", "")
    if not secret:
        hint = "name an environment variable that holds the secret with --webhook-secret-env"
        end(f"--webhook: {secret_name or 'no variable'} holds no secret to sign with", hint, USAGE)
    from scraper.posting import Post

    return Post(url, secret.encode(), allow_private=allow_private)
