"""Files of any length sealed piece by piece: AES-GCM with the piece's number, and a mark on the last one.

A piece left out, moved, repeated or cut off is noticed, as in the STREAM construction (Hoang,
Reyhanitabar, Rogaway, Vizár 2015).
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PIECE, TAG, PREFIX = 1024 * 1024, 16, 7
PURPOSE = b"xuezi-liuhan backup"


class SealBroken(Exception):
    """The key is another one, or the content is not what was sealed."""


def key_for_backups(secret: str) -> bytes:
    """Derive the key of backups from the installation's file key."""
    return HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(secret.encode())


def seal(source: BinaryIO, target: BinaryIO, *, key: bytes) -> None:
    """Write ``source`` sealed to ``target``, a mebibyte at a time."""
    cipher, prefix = AESGCM(key), os.urandom(PREFIX)
    target.write(prefix)
    target.writelines(
        cipher.encrypt(_nonce(prefix, number, last=last), piece, None)
        for number, last, piece in _pieces(source, PIECE)
    )


def unseal(source: BinaryIO, target: BinaryIO, *, key: bytes) -> None:
    """Write what was sealed to ``target``; raises :class:`SealBroken` at the first piece that is not it."""
    cipher, prefix = AESGCM(key), source.read(PREFIX)
    for number, last, piece in _pieces(source, PIECE + TAG):
        try:
            target.write(cipher.decrypt(_nonce(prefix, number, last=last), piece, None))
        except InvalidTag:
            raise SealBroken from None


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix.ljust(PREFIX, b"\0") + number.to_bytes(4) + bytes([last])


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[int, bool, bytes]]:
    """Yield number, whether it is the last, and content of each piece; an empty source is one piece."""
    number, piece = 0, source.read(size)
    while True:
        following = source.read(size)
        yield number, not following, piece
        if not following:
            return
        number, piece = number + 1, following
