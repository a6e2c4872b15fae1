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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.errors import StaleSnapshot

FORMAT = 3
_POINTER = "current"
_MANIFEST = "manifest.json"
_ARRAY = ".npy"
_SMALL = 64 * 1024
_DRAFTED_WITHIN = 6 * 3600
"""Seconds after which a draft is that of a process that was killed."""

Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Identity:
    """What must agree before a snapshot may be served."""

    collection: str
    model_id: str
    text_version: str
    vocabulary: str
    dimension: int
    reading: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was saved: arrays mapped from disk, other files, how many documents, the last change, its name."""

    arrays: Arrays
    files: Mapping[str, Path]
    count: int
    watermark: int
    version: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that is being written."""

    folder: Path
    version: str

    def path(self, name: str) -> Path:
        """Return where to write a file that is no array."""
        return self.folder / name

    def add(self, name: str, array: npt.NDArray[Any]) -> None:
        """Write an array."""
        np.save(self.folder / f"{name}{_ARRAY}", array, allow_pickle=False)


@contextmanager
def draft(folder: Path, identity: Identity, *, count: int, watermark: int) -> Iterator[Draft]:
    """Take what is to be saved; when all is written it becomes the current version in a single step."""
    version = folder / f"{watermark:012d}-{uuid.uuid4().hex}"
    hidden = folder / f".{version.name}"  # from another process that tidies up meanwhile
    hidden.mkdir(parents=True)
    try:
        yield Draft(hidden, version.name)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        raise
    manifest = {
        "format": FORMAT,
        **asdict(identity),
        "count": count,
        "watermark": watermark,
        "files": {path.name: _digest(path) for path in sorted(hidden.iterdir())},
    }
    _write(hidden / _MANIFEST, json.dumps(manifest, indent=1))
    hidden.rename(version)
    previous = _current(folder)
    _write(folder / f"{_POINTER}.{version.name}", version.name)
    (folder / f"{_POINTER}.{version.name}").replace(folder / _POINTER)
    _forget_others(folder, version, previous)


def load(folder: Path, identity: Identity) -> Snapshot:
    """Open the current version, refusing one made for another engine or damaged since."""
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
    paths = [_verified(version / name, digest) for name, digest in manifest["files"].items()]
    arrays = {path.name.removesuffix(_ARRAY): _mapped(path) for path in paths if path.suffix == _ARRAY}
    files = {path.name: path for path in paths if path.suffix != _ARRAY}
    return Snapshot(arrays, files, manifest["count"], manifest["watermark"], version.name)


def current(folder: Path) -> str | None:
    """Name the current version, without opening it."""
    version = _current(folder)
    return version.name if version else None


def reached(folder: Path) -> int:
    """Return up to where the current version contains changes, without opening it; 0 where there is none."""
    return int((current(folder) or "0").split("-")[0])


def _verified(path: Path, digest: str) -> Path:
    found = _digest(path) if path.is_file() else None
    if found != digest:
        raise StaleSnapshot(path.name, expected=digest, found=found)
    return path


def _mapped(path: Path) -> npt.NDArray[Any]:
    """Map an array from disk, so that processes share its pages; an empty one cannot be mapped."""
    whole = path.stat().st_size < _SMALL
    return np.asarray(np.load(path, mmap_mode=None if whole else "r", allow_pickle=False))


def _current(folder: Path) -> Path | None:
    pointer = folder / _POINTER
    return folder / pointer.read_text("utf-8") if pointer.is_file() else None


def _forget_others(folder: Path, newest: Path, previous: Path | None) -> None:
    """Drop older versions and drafts nobody finished; the previous one stays for who is still opening it."""
    began = newest.stat().st_mtime - _DRAFTED_WITHIN
    for path in folder.iterdir():
        drafted = path.name.startswith(".") and path.stat().st_mtime >= began
        if path.is_dir() and not drafted and path not in {newest, previous}:
            shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
