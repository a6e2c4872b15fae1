"""The story of one application, told up to any stage by the services themselves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from webapp.domain.identifiers import DocType
from webapp.domain.interviews import Mode, Report
from webapp.domain.offers import ContractType, OfferTerms
from webapp.domain.pipeline import Stage
from webapp.domain.postings import EMPLOYMENT, Kind
from webapp.models import Application, Graduate, Placement, Posting, StoredFile, User
from webapp.services import (
    agreements,
    applications,
    employment,
    evidence,
    identities,
    interviews,
    offers,
)

_files = count(1)
AT = factories.NOW
START = date(2026, 6, 25)
HOUR = timedelta(hours=1)
PEPPER = "tests"

MAIN_ROAD = (
    Stage.SUBMITTED,
    Stage.VIEWED,
    Stage.SCREENED_IN,
    Stage.INTERVIEW_SCHEDULED,
    Stage.INTERVIEWED,
    Stage.OFFER_MADE,
    Stage.ACCEPTED,
    Stage.AGREEMENT_PENDING,
    Stage.AGREEMENT_SIGNED,
    Stage.ONBOARDED,
)
_CONTRACTS = {Kind.INTERNSHIP: ContractType.INTERNSHIP, Kind.TRAINEESHIP: ContractType.TRAINEESHIP}


def terms(kind: Kind = Kind.JOB, **changes: object) -> OfferTerms:
    """Lawful terms of an offer."""
    work = kind in EMPLOYMENT
    usual: dict[str, object] = {
        "pay": 8000,
        "district": "WH-DHGX",
        "address": "光谷大道 1 号（演示）",
        "start_on": START,
        "deadline_on": date(2026, 6, 20),
        "contract_type": _CONTRACTS.get(kind, ContractType.FIXED),
        "contract_months": 36 if work else 6,
        "probation_months": 3 if work else 0,
    }
    if kind is Kind.GRASSROOTS:
        usual |= {"contract_type": ContractType.PROJECT, "probation_months": 0}
    return OfferTerms(**(usual | changes))  # type: ignore[arg-type]


@dataclass
class Story:
    """An application with both sides of it, which can be told on to a later stage."""

    session: Session
    graduate: Graduate
    posting: Posting
    employer_user: User
    application: Application
    at: datetime = AT

    @property
    def graduate_user(self) -> User:
        return self.graduate.user

    def tell_until(self, stage: Stage) -> "Story":
        for following in MAIN_ROAD[MAIN_ROAD.index(self.application.stage) + 1 : MAIN_ROAD.index(stage) + 1]:
            self.at += HOUR
            getattr(self, f"_{following.value}")()
        return self

    def _known(self, by: User) -> dict[str, object]:
        return {"by": by, "application_id": self.application.id, "at": self.at}

    def _viewed(self) -> None:
        applications.mark_viewed(self.session, **self._known(self.employer_user))  # type: ignore[arg-type]

    def _screened_in(self) -> None:
        applications.screen_in(self.session, **self._known(self.employer_user))  # type: ignore[arg-type]

    def _interview_scheduled(self) -> None:
        self.interview = interviews.schedule_interview(
            self.session,
            by=self.employer_user,
            application_id=self.application.id,
            at=self.at,
            starts_at=self.at + HOUR,
            mode=Mode.ONSITE,
            place="光谷大道 1 号 3 楼",
        )
        self.at += HOUR

    def _interviewed(self) -> None:
        interviews.report_interview(
            self.session,
            by=self.employer_user,
            interview_id=self.interview.id,
            report=Report.HELD,
            at=self.at,
        )

    def _offer_made(self) -> None:
        offers.make_offer(self.session, terms=terms(self.posting.kind), **self._known(self.employer_user))  # type: ignore[arg-type]

    def _accepted(self) -> None:
        offers.accept_offer(self.session, **self._known(self.graduate_user))  # type: ignore[arg-type]

    def _agreement_pending(self) -> None:
        agreements.start_agreement(self.session, **self._known(self.employer_user))  # type: ignore[arg-type]

    def _agreement_signed(self) -> None:
        agreements.sign_agreement(
            self.session,
            signed_on=factories.TODAY,
            **self._known(self.graduate_user),  # type: ignore[arg-type]
        )

    def _onboarded(self) -> None:
        self.at = max(self.at, factories.NOW + timedelta(days=12))
        employment.onboard(self.session, started_on=START, **self._known(self.employer_user))  # type: ignore[arg-type]

    @property
    def placement(self) -> Placement | None:
        return self.session.scalar(select(Placement).where(Placement.application_id == self.application.id))


def begin(
    session: Session,
    *,
    graduate: Graduate | None = None,
    posting: Posting | None = None,
    converted_from_id: int | None = None,
    **changes: object,
) -> Story:
    """Let a graduate apply."""
    graduate = graduate or factories.make_graduate(session)
    posting = posting or factories.make_posting(session, **changes)
    member = factories.make_member(session, posting.employer)
    application = applications.submit(
        session,
        by=graduate.user,
        posting_id=posting.id,
        at=AT,
        consent=True,
        converted_from_id=converted_from_id,
    )
    return Story(session, graduate, posting, member.user, application)


def make_file(session: Session, owner: User) -> StoredFile:
    """A file somebody handed in, with a content of its own."""
    kept = StoredFile(
        owner_id=owner.id,
        purpose="evidence",
        filename="contract.pdf",
        media_type="application/pdf",
        size=1,
        sha256=f"{next(_files):064x}",
        sealed=b"x",
        created_at=AT,
    )
    session.add(kept)
    session.flush()
    return kept


def prove(session: Session, placement: Placement, *types: str, by: User | None = None) -> Placement:
    """Attach evidence of some types, handed in by the graduate unless somebody else is named."""
    by = by or session.get_one(User, placement.graduate.user_id)
    for kind in types:
        evidence.add_evidence(
            session,
            by=by,
            placement_id=placement.id,
            particulars=evidence.Particulars(kind),
            file_id=make_file(session, by).id,
            at=placement.state_since_at,
        )
    return placement


def identify(session: Session, graduate: Graduate, number: str = "360426199101010071") -> None:
    """Let a graduate hand in an identity number."""
    identities.set_identity(
        session, graduate=graduate, doc_type=DocType.IDENTITY_CARD, number=number, pepper=PEPPER, at=AT
    )
