"""An index on disk: arrays and a manifest that says whose they are.

A version is written beside the current one and becomes it by replacing one pointer file, so a
reader sees the old snapshot or the new one and never a mixture. Losing a snapshot loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.errors import StaleSnapshot

FORMAT = 1
_POINTER = "current"
_MANIFEST = "manifest.json"

Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Identity:
    """What must agree before a snapshot may be served."""

    collection: str
    model_id: str
    text_version: str
    vocabulary: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was saved: arrays, how many documents, and the last change they contain."""

    arrays: Arrays
    count: int
    watermark: int


def save(folder: Path, identity: Identity, snapshot: Snapshot) -> None:
    """Write a version and make it the current one in a single step."""
    version = folder / f"{snapshot.watermark:012d}-{uuid.uuid4().hex}"
    draft = folder / f".{version.name}"  # hidden from another process that tidies up meanwhile
    draft.mkdir(parents=True)
    for name, array in snapshot.arrays.items():
        np.save(draft / f"{name}.npy", array, allow_pickle=False)
    manifest = {
        "format": FORMAT,
        **asdict(identity),
        "count": snapshot.count,
        "watermark": snapshot.watermark,
        "files": {path.name: _digest(path) for path in sorted(draft.glob("*.npy"))},
    }
    _write(draft / _MANIFEST, json.dumps(manifest, indent=1))
    draft.rename(version)
    previous = _current(folder)
    _write(folder / f"{_POINTER}.{version.name}", version.name)
    (folder / f"{_POINTER}.{version.name}").replace(folder / _POINTER)
    _forget_others(folder, keep={version, previous})


def load(folder: Path, identity: Identity) -> Snapshot:
    """Read the current version, refusing one made for another engine or damaged since."""
    version = _current(folder)
    if version is None or not (version / _MANIFEST).is_file():
        raise StaleSnapshot("manifest", expected="a snapshot", found=None)
    try:
        manifest = json.loads((version / _MANIFEST).read_text("utf-8"))
    except ValueError:
        raise StaleSnapshot("manifest", expected="JSON", found="something else") from None
    for field, expected in {"format": FORMAT, **asdict(identity)}.items():
        if manifest.get(field) != expected:
            raise StaleSnapshot(field, expected=expected, found=manifest.get(field))
    return Snapshot(_verified(version, manifest["files"]), manifest["count"], manifest["watermark"])


def _verified(version: Path, files: Mapping[str, str]) -> Arrays:
    arrays = {}
    for name, digest in files.items():
        path = version / name
        found = _digest(path) if path.is_file() else None
        if found != digest:
            raise StaleSnapshot(name, expected=digest, found=found)
        arrays[path.stem] = np.load(path, allow_pickle=False)
    return arrays


def _current(folder: Path) -> Path | None:
    pointer = folder / _POINTER
    return folder / pointer.read_text("utf-8") if pointer.is_file() else None


def _forget_others(folder: Path, keep: set[Path | None]) -> None:
    """Drop older versions; the previous one stays for readers that are still opening it."""
    for path in folder.iterdir():
        if path.is_dir() and not path.name.startswith(".") and path not in keep:
            shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
