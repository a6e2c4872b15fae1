import dataclasses
from datetime import UTC, date, datetime

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.stories import AT, PEPPER, begin, identify, make_file, prove
from webapp.domain.consent import Purpose
from webapp.domain.errors import NotFound
from webapp.domain.evidence import EvidenceNotFitting, EvidenceUnknown, VerifierInvolved
from webapp.domain.identifiers import DocType, IdentityInvalid
from webapp.domain.pipeline import Stage
from webapp.domain.retention import ClaimState, ClaimStepNotAllowed, Outcome
from webapp.domain.roles import Scope
from webapp.models import Graduate, Notification, Officer, Placement, StoredFile
from webapp.queries.standing import evidence_of
from webapp.services import consents, evidence, identities, placements, verifications
from webapp.services.evidence import FileMissing
from webapp.services.files import Paper, open_file
from webapp.services.placements import AlreadyClaimed, EmployerMissing, OutcomeUnknown

OUTCOME = Outcome(
    code="11", started_on=date(2026, 6, 1), district="WH-DHGX", pay=8000, employer_name="演示单位"
)


def claim(session: Session, graduate: Graduate, **changes: object) -> Placement:
    return placements.claim_placement(
        session,
        by=graduate.user,
        graduate_id=graduate.id,
        outcome=dataclasses.replace(OUTCOME, **changes),  # type: ignore[arg-type]
        at=AT,
    )


def test_onboarding_claims_for_the_graduate(session: Session) -> None:
    story = begin(session).tell_until(Stage.ONBOARDED)
    placement = story.placement
    assert placement is not None
    assert (placement.state, placement.unit, placement.pay) == (ClaimState.CLAIMED, "WH-DHGX", 8000)
    assert placement.claimed_by_id == story.employer_user.id


def test_the_unit_is_fixed_by_place_and_day(session: Session) -> None:
    graduate = factories.make_graduate(session)
    early = claim(session, graduate, district="WH-CJXQ", started_on=date(2021, 12, 31), employer_name="甲")
    late = claim(session, graduate, district="WH-CJXQ", started_on=date(2022, 1, 1), employer_name="乙")
    elsewhere = claim(session, graduate, district=None, employer_name="丙")
    assert [one.unit for one in (early, late, elsewhere)] == ["420116", "WH-CJXQ", None]


def test_codes_are_known_or_refused_and_sub_codes_mapped(session: Session) -> None:
    graduate = factories.make_graduate(session)
    with pytest.raises(OutcomeUnknown, match="99"):
        claim(session, graduate, code="99")
    assert claim(session, graduate, code="511").outcome_code == "51"


def test_work_needs_an_employer_and_own_business_does_not(session: Session) -> None:
    graduate = factories.make_graduate(session)
    with pytest.raises(EmployerMissing):
        claim(session, graduate, employer_name=None)
    own = claim(session, graduate, code="75", employer_name=None)
    assert own.employer_id is None
    work = dataclasses.replace(OUTCOME, employer_name=None)
    with pytest.raises(EmployerMissing):
        placements.amend_placement(session, by=graduate.user, placement_id=own.id, outcome=work, at=AT)


def test_the_same_outcome_is_claimed_once(session: Session) -> None:
    graduate = factories.make_graduate(session)
    claim(session, graduate)
    with pytest.raises(AlreadyClaimed):
        claim(session, graduate)


def test_nobody_claims_for_a_stranger(session: Session) -> None:
    graduate = factories.make_graduate(session)
    member = factories.make_member(session)
    for by, employer_id in (
        (factories.make_graduate(session).user, None),
        (member.user, member.employer_id),
        (factories.make_officer(session).user, None),
    ):
        with pytest.raises(NotFound):
            placements.claim_placement(
                session, by=by, graduate_id=graduate.id, outcome=OUTCOME, employer_id=employer_id, at=AT
            )


def test_an_employer_claims_only_in_its_own_name(session: Session) -> None:
    story = begin(session).tell_until(Stage.ONBOARDED)
    other = factories.make_employer(session)
    with pytest.raises(NotFound):
        placements.claim_placement(
            session,
            by=story.employer_user,
            graduate_id=story.graduate.id,
            outcome=OUTCOME,
            employer_id=other.id,
            at=story.at,
        )


def test_evidence_puts_a_claim_up_for_verification_and_statements_do_not(session: Session) -> None:
    placement = claim(session, factories.make_graduate(session))
    prove(session, placement, "self_report")
    assert placement.state is ClaimState.CLAIMED
    prove(session, placement, "labour_contract")
    assert placement.state is ClaimState.EVIDENCED
    contract = evidence_of(session, placement.id)[-1]
    assert contract.sha256 == session.get_one(StoredFile, contract.file_id).sha256


def test_evidence_must_fit_and_be_ones_own_file(session: Session) -> None:
    placement = claim(session, factories.make_graduate(session))
    by = placement.graduate.user
    with pytest.raises(EvidenceNotFitting):
        prove(session, placement, "business_licence")
    with pytest.raises(EvidenceUnknown):
        prove(session, placement, "photo")
    foreign = make_file(session, factories.make_user(session)).id
    contract = evidence.Particulars("labour_contract")
    for file_id in (None, foreign):
        with pytest.raises(FileMissing):
            evidence.add_evidence(
                session, by=by, placement_id=placement.id, particulars=contract, file_id=file_id, at=AT
            )
    stranger = factories.make_graduate(session).user
    with pytest.raises(NotFound):
        prove(session, placement, "labour_contract", by=stranger)


def test_a_paper_handed_in_is_sealed_under_its_claim(session: Session) -> None:
    placement, key = claim(session, factories.make_graduate(session)), Fernet.generate_key()
    by = placement.graduate.user
    paper = Paper("../合同.pdf", b"%PDF-1.7 contract", "application/pdf")
    made = evidence.hand_in_paper(
        session,
        by=by,
        placement_id=placement.id,
        particulars=evidence.Particulars("labour_contract", issuer="演示单位", valid_from_on=AT.date()),
        paper=paper,
        at=AT,
        key=key,
    )
    assert (made.type, made.issuer, made.valid_from_on) == ("labour_contract", "演示单位", AT.date())
    kept = session.get_one(StoredFile, made.file_id)
    assert (kept.owner_id, kept.purpose, kept.filename) == (by.id, "evidence", "合同.pdf")
    assert open_file(kept, key=key) == paper.content
    assert placement.state is ClaimState.EVIDENCED


def test_a_claim_is_corrected_only_before_it_is_verified(session: Session) -> None:
    placement = claim(session, factories.make_graduate(session))
    known = {"session": session, "by": placement.graduate.user, "placement_id": placement.id, "at": AT}
    corrected = Outcome(code="12", started_on=OUTCOME.started_on, district="420106", employer_name="演示单位")
    placements.amend_placement(**known, outcome=corrected)
    assert (placement.outcome_code, placement.unit) == ("12", "420106")
    prove(session, placement, "pay_slips")
    with pytest.raises(ClaimStepNotAllowed, match="待核验"):
        placements.amend_placement(**known, outcome=OUTCOME)


def test_only_a_keyed_hash_of_the_identity_number_is_kept(session: Session) -> None:
    graduate = factories.make_graduate(session)
    identify(session, graduate)
    assert graduate.person_key is not None
    assert len(graduate.person_key) == 64
    assert consents.has_consent(session, graduate.user_id, Purpose.COUNTING)
    stored = [str(value) for row in session.execute(select(Graduate.__table__)) for value in row]
    assert not [value for value in stored if "360426199101010071" in value]


def test_a_wrong_identity_number_is_refused_without_repeating_it(session: Session) -> None:
    graduate = factories.make_graduate(session)
    with pytest.raises(IdentityInvalid) as refusal:
        identities.set_identity(
            session,
            graduate=graduate,
            doc_type=DocType.IDENTITY_CARD,
            number="360426199101010072",
            pepper=PEPPER,
            at=datetime(2026, 6, 15, tzinfo=UTC),
        )
    assert "3604" not in str(refusal.value)
    assert graduate.person_key is None


def test_a_station_claims_and_proves_for_graduates_of_its_own_school_only(session: Session) -> None:
    graduate = factories.make_graduate(session, institution_code="4142010486")
    own = factories.make_officer(session, Scope.STATION, institution_code="4142010486").user
    other = factories.make_officer(session, Scope.STATION, institution_code="4142010497").user
    city = factories.make_officer(session).user
    asked = {"graduate_id": graduate.id, "outcome": OUTCOME, "at": AT}
    for stranger in (other, city):
        with pytest.raises(NotFound):
            placements.claim_placement(session, by=stranger, **asked)  # type: ignore[arg-type]
    made = placements.claim_placement(session, by=own, **asked)  # type: ignore[arg-type]
    assert prove(session, made, "labour_contract", by=own).state is ClaimState.EVIDENCED
    with pytest.raises(NotFound):
        prove(session, made, "labour_contract", by=other)
    told = session.scalars(select(Notification.message).where(Notification.user_id == graduate.user_id)).all()
    assert any("你的去向已填报" in message for message in told)
    moved = session.scalars(select(Officer).where(Officer.user_id == own.id)).one()
    moved.scope, moved.institution_code = Scope.CITY, None
    session.flush()
    with pytest.raises(VerifierInvolved):
        verifications.approve_placement(session, by=own, placement_id=made.id, at=AT)
