"""Loading the definitions of the count; one in use stays as it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.domain.dated import digest_of
from webapp.domain.definitions import DefinitionInUse, definitions
from webapp.models import KeptDefinition, Publication, RetainedSum
from webapp.services.ledger import lock_ledger
from webapp.services.sums import fill_sums


def keep_definition(session: Session, row: Mapping[str, Any], at: datetime) -> None:
    """Keep a definition as it is written, and sum by it where it is new; refuse an edit once it is in use."""
    kept, digest = session.get(KeptDefinition, row["id"]), digest_of(row)
    if kept is not None and kept.digest == digest:
        return
    if kept is not None and _in_use(session, kept.id):
        raise DefinitionInUse(id=kept.id)
    session.merge(KeptDefinition(id=row["id"], content=dict(row), digest=digest, loaded_at=at))
    if row["id"] in definitions():
        lock_ledger(session)
        fill_sums(session, [definitions()[row["id"]]])


def _in_use(session: Session, key: str) -> bool:
    counted = exists().where(RetainedSum.definition_id == key, RetainedSum.total != 0)
    published = exists().where(Publication.definition_id == key)
    return session.scalar(select(counted | published)) is True
