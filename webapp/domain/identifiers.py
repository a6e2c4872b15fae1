"""Numbers that name organisations and people: check them, never guess them."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from stdnum.cn import ric

from webapp.domain.errors import PlatformError
from webapp.domain.words import N_

CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_AUTHORITIES = "123456789ANY"
_LENGTH = 18
_AGES = range(14, 81)
_SEPARATORS = re.compile(r"[\s\-‐-―·]+")
_PASSPORT = re.compile(r"[A-Z]{3}[A-Z0-9]{5,12}")
_PERMIT = re.compile(r"[A-Z]?\d{8,10}")


class DocType(StrEnum):
    """Identity documents a person may be counted by."""

    IDENTITY_CARD = "identity_card"
    RESIDENCE_PERMIT = "residence_permit"
    TRAVEL_PERMIT = "travel_permit"
    FOREIGN_RESIDENT = "foreign_resident"
    PASSPORT = "passport"


LABELS: Mapping[DocType, str] = {
    DocType.IDENTITY_CARD: N_("居民身份证"),
    DocType.RESIDENCE_PERMIT: N_("港澳台居民居住证"),
    DocType.TRAVEL_PERMIT: N_("港澳居民来往内地通行证或台湾居民来往大陆通行证"),
    DocType.FOREIGN_RESIDENT: N_("外国人永久居留身份证"),
    DocType.PASSPORT: N_("护照（国籍三字母代码加护照号）"),
}


class CreditCodeInvalid(PlatformError):
    """A unified social credit code that cannot exist."""

    message = N_("统一社会信用代码应为 18 位，最后一位是校验码；这个代码有误。请对照营业执照或法人证书核对。")


class IdentityInvalid(PlatformError):
    """An identity number that cannot exist, or not belong to a graduate."""

    message = N_("证件号码有误。请对照证件核对每一位，并确认所选的证件类型。")


def normalise(number: str) -> str:
    """Return a number in half-width upper case without spaces and hyphens."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", number).upper())
    # taking a separator out may bring a letter and an accent together: compose once more
    return unicodedata.normalize("NFKC", _SEPARATORS.sub("", plain))


def credit_code_is_valid(code: str) -> bool:
    """Say whether a normalised code is a possible unified social credit code (GB 32100-2015).

    Authorities A, N and Y are valid too; python-stdnum refuses them, hence this one.
    """
    if len(code) != _LENGTH or code[0] not in _AUTHORITIES or not set(code) <= set(CODE_ALPHABET):
        return False
    if not re.fullmatch(r"[0-9]{6}", code[2:8]):
        return False
    return code[-1] == credit_code_digit(code[:-1])


def credit_code_digit(body: str) -> str:
    """Return the check character of the first 17 characters: weights 3^i mod 31."""
    total = sum(CODE_ALPHABET.index(sign) * weight for sign, weight in zip(body, _CODE_WEIGHTS, strict=True))
    return CODE_ALPHABET[-total % 31]


def check_credit_code(text: str) -> str:
    """Return the normalised unified social credit code or raise :class:`CreditCodeInvalid`."""
    code = normalise(text)
    if not credit_code_is_valid(code):
        raise CreditCodeInvalid
    return code


def check_identity(doc_type: DocType, text: str, *, on: date) -> str:
    """Return the normalised number of an identity document or raise :class:`IdentityInvalid`.

    Cards of 18 digits carry a check digit (GB 11643-1999), a real birth date and, for a graduate, an age
    from 14 to 80; old 15-digit numbers are refused. Neither sex nor birthplace is read from them.
    """
    number = normalise(text)
    fits = {
        DocType.IDENTITY_CARD: _is_card(number, on) and number[0] in "123456",
        DocType.RESIDENCE_PERMIT: _is_card(number, on) and number[:2] in {"81", "82", "83"},
        DocType.FOREIGN_RESIDENT: _is_card(number, on) and number[0] == "9",
        DocType.TRAVEL_PERMIT: _ascii_match(_PERMIT, number),
        DocType.PASSPORT: _ascii_match(_PASSPORT, number),
    }
    if not fits[doc_type]:
        raise IdentityInvalid
    return number


def _ascii_match(pattern: re.Pattern[str], number: str) -> bool:
    return number.isascii() and pattern.fullmatch(number) is not None


def _is_card(number: str, on: date) -> bool:
    """Say whether 18 characters have a check digit and a birth date of a possible graduate."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number) or ric.calc_check_digit(number) != number[-1]:
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return age in _AGES


def person_key(pepper: str, doc_type: DocType, number: str) -> str:
    """Return the keyed hash a person is counted by: HMAC-SHA256 under a pepper kept outside the database.

    A plain hash would not do: all plausible numbers can be tried in minutes (DOMAIN 1.6).
    """
    message = f"{doc_type.value}|{normalise(number)}".encode()
    return hmac.new(pepper.encode(), message, hashlib.sha256).hexdigest()
