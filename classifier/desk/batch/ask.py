"""From what the user asked for to a plan that can be carried out, or the reason why it cannot."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, NoReturn

from classifier.batch.places import Backend, Workers
from classifier.batch.record import Unit
from classifier.batch.rows import columns_of
from classifier.desk.batch.errors import BatchError
from classifier.desk.batch.formats import SUFFIXES
from classifier.desk.batch.inputs import Inputs
from classifier.desk.batch.parts import failed_beside, parts_folder
from classifier.desk.batch.run import Plan
from classifier.desk.batch.walk import STDIN, Walk
from classifier.desk.output import tell
from classifier.scoring.artefact import AnyModel, load_model
from classifier.scoring.identity import model_hash
from scraper.rows import FieldNames

USAGE = 2
LARGEST_CHUNK = 1024.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The arguments and options of `nac batch` as given."""

    inputs: tuple[str, ...]
    out: str
    failed_file: str | None
    unit: Unit
    text_field: str | None
    id_field: str | None
    date_field: str | None
    keep: tuple[str, ...]
    model: str | None
    jobs: int
    backend: Backend
    address: str | None
    chunk_mb: float
    resume: bool
    overwrite: bool
    quiet: bool
    new: bool = False
    store: str | None = None


def make_plan(wishes: Wishes, stdin: BinaryIO, stack: ExitStack) -> Plan | None:
    """Checks what was asked for and opens model and store; null where the output is there already and whole.

    Args:
        wishes: as given.
        stdin: standard input.
        stack: closes the store at the end.

    Raises:
        StoreError: there is no store, or it cannot be opened.
        BatchError: it cannot be done so.
        ModelError: the model cannot be used.
    """
    _check_numbers(wishes)
    out = None if wishes.out == STDIN else Path(wishes.out)
    failed_file = Path(wishes.failed_file) if wishes.failed_file else None
    if out is None:
        if wishes.resume:
            _refuse("--resume: what went to standard output cannot be gone on with", "name a file with --out")
    elif _is_whole(wishes, out):
        return None
    own = _check_places(wishes, out, failed_file)
    model = load_model(wishes.model)
    _check_keep(wishes, model)
    names = FieldNames(text=wishes.text_field, id=wishes.id_field, date=wishes.date_field, keep=wishes.keep)
    inputs = _open_store(wishes, model, stack) if wishes.new else Inputs(Walk(wishes.inputs, own), names, stdin)
    return Plan(
        inputs=inputs,
        out=out,
        failed_file=failed_file,
        unit=wishes.unit,
        model=model,
        workers=Workers(jobs=wishes.jobs, backend=wishes.backend, address=wishes.address),
        chunk_mb=wishes.chunk_mb,
        resume=wishes.resume,
        quiet=wishes.quiet,
    )


def _check_numbers(wishes: Wishes) -> None:
    if not wishes.inputs and not wishes.new:
        _refuse("no input given", "give folders, files, - or --new; see nac batch --help")
    if wishes.new and (wishes.inputs or wishes.keep):
        _refuse("--new: the store takes the place of inputs and has no fields to keep", "leave them out")
    if wishes.store is not None and not wishes.new:
        _refuse("--db: is read with --new alone", "add --new")
    if wishes.inputs.count(STDIN) > 1:
        _refuse("-: standard input can be read only once", "name it once")
    if wishes.jobs == 0 or wishes.jobs < -1:
        _refuse(f"--jobs: {wishes.jobs} is no number of processes", "give 1 or more, or -1 for one a core")
    if not (math.isfinite(wishes.chunk_mb) and 0 < wishes.chunk_mb <= LARGEST_CHUNK):
        _refuse(f"--chunk-mb: {wishes.chunk_mb:g} is not between 0 and {LARGEST_CHUNK:g}", "4 is usual")
    if wishes.address and wishes.backend == "loky":
        _refuse("--address: loky runs on this machine", "name the cluster's kind with --backend dask or ray")
    if wishes.resume and wishes.overwrite:
        _refuse("--resume and --overwrite exclude each other", "choose one")


def _is_whole(wishes: Wishes, out: Path) -> bool:
    """Whether there is nothing left to do, for an output that is there."""
    suffix = out.suffix.lower()
    if suffix not in SUFFIXES:
        _refuse(f"{out}: no format goes with {suffix or 'a name without suffix'!r}", f"name a file that ends in {', '.join(SUFFIXES)}")
    if suffix == ".parquet" and find_spec("pyarrow") is None:
        _refuse(f"{out}: Parquet is written by pyarrow, which is missing", "pip install 'nac-stance[parquet]'")
    if not out.parent.is_dir():
        _refuse(f"{out}: there is no folder {out.parent}", "make it first")
    if out.is_dir():
        _refuse(f"{out}: this is a folder", "name a file in it")
    begun = parts_folder(out).exists()
    if wishes.overwrite or (wishes.resume and begun):
        return False
    if begun:
        _refuse(f"{out}: a run that was interrupted lies in {parts_folder(out)}", "go on with --resume, or begin anew with --overwrite")
    if out.exists() and not wishes.resume:
        _refuse(f"{out}: is there already", "name another file, or score anew with --overwrite")
    if out.exists():
        tell(f"{out}: nothing is left to do; it was not compared with its inputs. Score anew with --overwrite.")
    return out.exists()


def _check_places(wishes: Wishes, out: Path | None, failed_file: Path | None) -> frozenset[Path]:
    """The run's own files and folders, made sure to be no inputs."""
    own = [path for path in (out, failed_file or (failed_beside(out) if out else None)) if path is not None]
    if len({path.resolve() for path in own}) < len(own):
        _refuse(f"{own[0]}: rows and failed records cannot go to one file", "name another --failed-file")
    given = {Path(name).resolve() for name in wishes.inputs if name != STDIN}
    for path in own:
        if path.resolve() in given:
            _refuse(f"{path}: is an input and would be written over", "name another --out or --failed-file")
    if failed_file is not None and failed_file.exists() and not (wishes.overwrite or wishes.resume):
        _refuse(f"{failed_file}: is there already", "name another --failed-file, or score anew with --overwrite")
    if failed_file is not None and not failed_file.parent.is_dir():
        _refuse(f"{failed_file}: there is no folder {failed_file.parent}", "make it first")
    folders = [parts_folder(out)] if out else []
    return frozenset(path.resolve() for path in (*own, *folders))


def _open_store(wishes: Wishes, model: AnyModel, stack: ExitStack) -> Inputs:
    from classifier.desk.batch.store_inputs import open_store_inputs
    from scraper.store.opening import open_store

    store = stack.enter_context(open_store(wishes.store, create=False))
    return open_store_inputs(store, model_hash(model), wishes.store)


def _check_keep(wishes: Wishes, model: AnyModel) -> None:
    for number, name in enumerate(wishes.keep):
        if name in columns_of(model):
            _refuse(f"--keep {name}: is the name of a column of the results", "leave it out, or give the field another name")
        if name in wishes.keep[:number]:
            _refuse(f"--keep {name}: is named twice", "name it once")


def _refuse(message: str, hint: str) -> NoReturn:
    raise BatchError(message, hint=hint, exit_code=USAGE)
