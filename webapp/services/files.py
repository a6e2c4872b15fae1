"""Keeping the files people hand in: sealed, with the digest of what they held."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet
from sqlalchemy.orm import Session

from webapp.models import StoredFile


@dataclass(frozen=True, slots=True)
class Paper:
    """A licence or a piece of evidence as it came in."""

    filename: str
    content: bytes
    media_type: str


def store_file(
    session: Session,
    *,
    owner_id: int,
    purpose: str,
    filename: str,
    content: bytes,
    media_type: str,
    at: datetime,
    key: bytes,
) -> StoredFile:
    """Seal ``content`` with a Fernet key and keep it; the name is kept for display only."""
    kept = StoredFile(
        owner_id=owner_id,
        purpose=purpose,
        filename=printable_name(filename),
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        sealed=Fernet(key).encrypt(content),
        created_at=at,
    )
    session.add(kept)
    session.flush()
    return kept


def open_file(kept: StoredFile, *, key: bytes) -> bytes:
    """Return a file's plain content; a wrong key or altered bytes raise ``InvalidToken``."""
    return Fernet(key).decrypt(kept.sealed)


def printable_name(filename: str) -> str:
    """Return a name without path, control and direction characters, at most 120 long."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in name if sign.isprintable())[-120:] or "file"
