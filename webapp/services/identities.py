"""What makes a person one person in the count: a keyed hash, never the number itself."""

from datetime import datetime

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from webapp.domain.consent import Purpose
from webapp.domain.dates import city_date
from webapp.domain.errors import PlatformError
from webapp.domain.identifiers import DocType, check_identity, person_key
from webapp.domain.words import N_
from webapp.models import Graduate
from webapp.queries import ledger
from webapp.services import consents


class IdentityFixed(PlatformError):
    """A different document after the person has been counted under the first."""

    message = N_("你已按原证件计入统计，不能直接更换证件。如证件有变，请联系核验人员办理合并。")


class NumberDiffers(PlatformError):
    """Papers that bear another number than the graduate handed in."""

    message = N_(
        "材料上的证件号码与本人登记的不一致，不能通过。请对照材料再核对一遍；确实不一致的，请退回，由本人更正。"
    )


def set_identity(
    session: Session, *, graduate: Graduate, doc_type: DocType, number: str, pepper: str, at: datetime
) -> None:
    """Keep the keyed hash of an identity number; handing it in agrees to being counted (DOMAIN 1.6).

    Whoever has been counted stays the person of that document, also after taking the number back:
    another document would be another person, counted again.
    """
    valid = check_identity(doc_type, number, on=city_date(at))
    key = person_key(pepper, doc_type, valid)
    lock_person(session, graduate)
    if (counted := ledger.keys_of(session, graduate.id)) and key not in counted:
        raise IdentityFixed
    graduate.person_key = key
    consents.give(session, user_id=graduate.user_id, purpose=Purpose.COUNTING, at=at)
    session.flush()


def keys_of_number(pepper: str, number: str) -> frozenset[str]:
    """Return the keys a number has as each kind of document: papers seldom say which one it is."""
    return frozenset(person_key(pepper, doc_type, number) for doc_type in DocType)


def check_number(session: Session, *, graduate: Graduate, keys: frozenset[str]) -> None:
    """Raise :class:`NumberDiffers` where none of a number's keys stands for this person, aliases followed."""
    own = graduate.person_key or ""
    roots = ledger.roots_of(session, keys | {own})
    if roots[own] not in {roots[key] for key in keys}:
        raise NumberDiffers


def lock_person(session: Session, graduate: Graduate) -> None:
    """Read a graduate as they are now and let nobody change their identity until this transaction ends."""
    columns = inspect(Graduate).column_attrs.keys()
    session.refresh(graduate, columns, with_for_update={"key_share": True})
