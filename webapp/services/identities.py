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
from webapp.queries.ledger import keys_of
from webapp.services import consents


class IdentityFixed(PlatformError):
    """A different document after the person has been counted under the first."""

    message = N_("你已按原证件计入统计，不能直接更换证件。如证件有变，请联系核验人员办理合并。")


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
    if (counted := keys_of(session, graduate.id)) and key not in counted:
        raise IdentityFixed
    graduate.person_key = key
    consents.give(session, user_id=graduate.user_id, purpose=Purpose.COUNTING, at=at)
    session.flush()


def lock_person(session: Session, graduate: Graduate) -> None:
    """Read a graduate as they are now and let nobody change their identity until this transaction ends."""
    columns = inspect(Graduate).column_attrs.keys()
    session.refresh(graduate, columns, with_for_update={"key_share": True})
