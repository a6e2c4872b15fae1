"""Who looked at a graduate: read by the graduate alone."""

from sqlalchemy import Select, select

from webapp.models import AuditEntry


def looks_at(graduate_id: int) -> Select[AuditEntry]:
    """Return the select of every look at a graduate, the latest first."""
    return select(AuditEntry).where(AuditEntry.graduate_id == graduate_id).order_by(AuditEntry.id.desc())
