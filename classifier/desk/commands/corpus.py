"""`nac corpus`: labelled texts checked, audited, carried from tool to tool, and fetched again."""

from __future__ import annotations

from classifier.desk.commands import corpus_check, corpus_hydrate
from classifier.desk.commands.settings import make_app

app = make_app(help="Check, audit, convert and fetch again labelled texts.", no_args_is_help=True)
app.command("check", epilog=corpus_check.CHECK_EPILOG)(corpus_check.check_command)
app.command("audit", epilog=corpus_check.AUDIT_EPILOG)(corpus_check.audit_command)
app.command("convert", epilog=corpus_check.CONVERT_EPILOG)(corpus_check.convert_command)
app.command("hydrate", epilog=corpus_hydrate.HYDRATE_EPILOG)(corpus_hydrate.hydrate_command)
app.command("dehydrate", epilog=corpus_hydrate.DEHYDRATE_EPILOG)(corpus_hydrate.dehydrate_command)
