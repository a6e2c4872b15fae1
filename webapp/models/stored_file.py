"""Files people hand in, kept encrypted beside the rows that need them."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from webapp.models.base import Base, Created, Id


class StoredFile(Created, Base):
    """An encrypted file with the digest of its plain content; one transaction keeps row and file together."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    purpose: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    sealed: Mapped[bytes] = deferred(mapped_column(LargeBinary))
