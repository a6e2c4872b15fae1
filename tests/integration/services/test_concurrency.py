"""Fifty at once on PostgreSQL with real commits: exactly one wins, the others read a sentence."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.counted import as_if_counted, refold_agrees
from tests.stories import AT, begin, identify, prove
from webapp.database import session_factory
from webapp.domain.errors import PlatformError
from webapp.domain.pipeline import Stage
from webapp.domain.postings import PostingStatus
from webapp.domain.programme import read_table
from webapp.domain.retention import Cause, Outcome
from webapp.models import (
    Application,
    Consent,
    Graduate,
    LedgerEntry,
    LiveCount,
    Placement,
    Posting,
    PublishedFigure,
    User,
)
from webapp.queries.post_checks import differences
from webapp.queries.post_ledger import PostFilter, post_totals
from webapp.queries.publications import answer_of, as_seen
from webapp.services import (
    applications,
    offers,
    persons,
    placements,
    postings,
    publications,
    reversals,
    verifications,
)
from webapp.services.definitions import keep_definition
from webapp.services.identities import IdentityFixed
from webapp.services.ledger import verify_chain

CROWD = 50


def all_at_once(engine: Engine, deeds: list[Callable[[Session], object]]) -> Counter[str]:
    """Start every deed at the same moment in a transaction of its own; count what came of them."""
    factory, start = session_factory(engine), Barrier(len(deeds))

    def attempt(deed: Callable[[Session], object]) -> str:
        with factory() as session:
            session.connection()
            start.wait()
            try:
                deed(session)
                session.commit()
            except PlatformError as refusal:
                session.rollback()
                return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(len(deeds)) as crowd:
        return Counter(crowd.map(attempt, deeds))


def accepting(application_id: int, user_id: int) -> Callable[[Session], object]:
    return lambda session: offers.accept_offer(
        session, by=session.get_one(User, user_id), application_id=application_id, at=AT + timedelta(days=1)
    )


def approving(placement_id: int, officer_id: int) -> Callable[[Session], object]:
    return lambda session: verifications.approve_placement(
        session, by=session.get_one(User, officer_id), placement_id=placement_id, at=AT + timedelta(days=30)
    )


def test_fifty_accept_the_last_place_and_one_gets_it(own_database: Engine) -> None:
    with session_factory(own_database)() as session:
        posting = factories.make_posting(session, headcount=1)
        stories = [begin(session, posting=posting).tell_until(Stage.OFFER_MADE) for _ in range(CROWD)]
        session.commit()
        deeds = [accepting(story.application.id, story.graduate_user.id) for story in stories]
        posting_id = posting.id
    assert all_at_once(own_database, deeds) == {"done": 1, "HeadcountFull": CROWD - 1}
    with session_factory(own_database)() as session:
        assert session.get_one(Posting, posting_id).filled == 1
        accepted = select(func.count(Application.id)).where(Application.stage == Stage.ACCEPTED)
        assert session.scalar(accepted) == 1


def test_two_employers_offer_and_the_graduate_accepts_both_at_once(own_database: Engine) -> None:
    with session_factory(own_database)() as session:
        graduate = factories.make_graduate(session)
        stories = [begin(session, graduate=graduate).tell_until(Stage.OFFER_MADE) for _ in range(2)]
        session.commit()
        deeds = [accepting(story.application.id, graduate.user_id) for story in stories]
        postings = [story.posting.id for story in stories]
    assert all_at_once(own_database, deeds) == {"done": 1, "AlreadyPromised": 1}
    with session_factory(own_database)() as session:
        assert sum(session.get_one(Posting, posting_id).filled for posting_id in postings) == 1


def test_the_same_form_sent_fifty_times_is_one_application(own_database: Engine) -> None:
    with session_factory(own_database)() as session:
        graduate, posting = factories.make_graduate(session), factories.make_posting(session)
        session.commit()
        user_id, posting_id = graduate.user_id, posting.id

    def submit(session: Session) -> object:
        return applications.submit(
            session,
            by=session.get_one(User, user_id),
            posting_id=posting_id,
            at=AT,
            consent=True,
            idempotency_key="one form",
        )

    assert all_at_once(own_database, [submit] * CROWD) == {"done": CROWD}
    with session_factory(own_database)() as session:
        assert session.scalar(select(func.count(Application.id))) == 1
        assert session.scalar(select(func.count(Consent.id))) == 1


def claims_of_one_person(session: Session, number: int) -> list[Placement]:
    """Claims of one human under several accounts, all ready to count."""
    officer = factories.make_officer(session).user
    claims = []
    for _ in range(number):
        graduate = factories.make_graduate(
            session,
            person_key="one human",
            graduation_on=factories.TODAY,
            degree_verified_on=factories.TODAY,
            degree_verified_by_id=officer.id,
        )
        outcome = Outcome(
            code="11", started_on=date(2026, 6, 1), district="WH-DHGX", pay=8000, employer_name="演示单位"
        )
        claim = placements.claim_placement(
            session, by=graduate.user, graduate_id=graduate.id, outcome=outcome, at=AT
        )
        claims.append(prove(session, claim, "labour_contract"))
    return claims


def test_fifty_officers_approve_one_claim_and_it_counts_once(own_database: Engine) -> None:
    with session_factory(own_database)() as session:
        factories.make_period(session)
        claim = claims_of_one_person(session, 1)[0]
        officers = [factories.make_officer(session).user_id for _ in range(CROWD)]
        session.commit()
        deeds = [approving(claim.id, officer_id) for officer_id in officers]
    assert all_at_once(own_database, deeds) == {"done": 1, "ClaimStepNotAllowed": CROWD - 1}
    assert_one_count(own_database)


def test_fifty_claims_of_one_person_count_once(own_database: Engine) -> None:
    with session_factory(own_database)() as session:
        factories.make_period(session)
        claims = claims_of_one_person(session, CROWD)
        officers = [factories.make_officer(session).user_id for _ in claims]
        session.commit()
        deeds = [approving(claim.id, officer_id) for claim, officer_id in zip(claims, officers, strict=True)]
    assert all_at_once(own_database, deeds) == {"done": 1, "CannotCount": CROWD - 1}
    assert_one_count(own_database)


def test_fifty_persons_counted_at_once_make_one_unbroken_chain(own_database: Engine) -> None:
    with session_factory(own_database)() as session:
        factories.make_period(session)
        claims = claims_of_one_person(session, CROWD)
        for number, claim in enumerate(claims):
            claim.graduate.person_key = f"person{number}"
        officer = factories.make_officer(session).user_id
        session.commit()
        deeds = [approving(claim.id, officer) for claim in claims]
    assert all_at_once(own_database, deeds) == {"done": CROWD}
    with session_factory(own_database)() as session:
        assert verify_chain(session) == []
        assert session.scalar(select(func.max(LedgerEntry.seq))) == CROWD


def test_a_document_changed_while_an_officer_approves_is_refused(own_database: Engine) -> None:
    with session_factory(own_database)() as session:
        factories.make_period(session)
        claim = claims_of_one_person(session, 1)[0]
        officer = factories.make_officer(session).user_id
        session.commit()
        claim_id, graduate_id = claim.id, claim.graduate_id

    def change(session: Session) -> None:
        identify(session, session.get_one(Graduate, graduate_id))
        session.commit()

    with session_factory(own_database)() as deciding, session_factory(own_database)() as changing:
        deciding.get_one(Graduate, graduate_id)
        approving(claim_id, officer)(deciding)
        with ThreadPoolExecutor(1) as other:
            changed = other.submit(change, changing)
            with pytest.raises(TimeoutError):
                changed.result(timeout=0.5)
            deciding.commit()
            with pytest.raises(IdentityFixed):
                changed.result(timeout=10)


def test_an_officer_counts_the_document_that_stands_now(own_database: Engine) -> None:
    with session_factory(own_database)() as session:
        factories.make_period(session)
        claim = claims_of_one_person(session, 1)[0]
        officer = factories.make_officer(session).user_id
        session.commit()
        with session_factory(own_database)() as deciding:
            read_before = deciding.get_one(Graduate, claim.graduate_id)
            identify(session, claim.graduate)
            session.commit()
            assert read_before.person_key != claim.graduate.person_key
            approving(claim.id, officer)(deciding)
            assert deciding.scalars(select(LedgerEntry.person_key)).all() == [claim.graduate.person_key]


def counted_once(engine: Engine) -> tuple[int, list[int]]:
    """Count one person; return the claim and three officers who have not spoken."""
    with session_factory(engine)() as session:
        factories.make_period(session)
        claim = claims_of_one_person(session, 1)[0]
        officers = [factories.make_officer(session).user_id for _ in range(4)]
        session.commit()
        approving(claim.id, officers[3])(session)
        session.commit()
        return claim.id, officers[:3]


def test_two_officers_reverse_at_once_and_one_reversal_is_written(own_database: Engine) -> None:
    claim_id, (first, *others) = counted_once(own_database)
    at = AT + timedelta(days=31)

    def reversing(officer_id: int) -> Callable[[Session], object]:
        return lambda session: reversals.reverse_count(
            session, by=session.get_one(User, officer_id), placement_id=claim_id, at=at
        )

    with session_factory(own_database)() as session:
        by = session.get_one(User, first)
        reversals.request_reversal(session, by=by, placement_id=claim_id, at=at, cause=Cause.R1)
        session.commit()
    assert all_at_once(own_database, [reversing(one) for one in others]) == {
        "done": 1,
        "ClaimStepNotAllowed": 1,
    }
    with session_factory(own_database)() as session:
        assert [entry.delta for entry in session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq))] == [
            1,
            -1,
        ]
        assert verify_chain(session) == []


def test_a_merge_amid_approvals_of_both_documents_leave_one_count(own_database: Engine) -> None:
    with session_factory(own_database)() as session:
        factories.make_period(session)
        claims = claims_of_one_person(session, 20)
        for number, claim in enumerate(claims):
            claim.graduate.person_key = ("card", "passport")[number % 2]
        first, second = (factories.make_officer(session).user_id for _ in range(2))
        session.commit()
        deeds = [approving(claim.id, first) for claim in claims]

    def join(session: Session) -> object:
        known = {"first_id": first, "second_id": second, "at": AT + timedelta(days=30)}
        return persons.join_persons(session, duplicate_key="card", person_key="passport", **known)  # type: ignore[arg-type]

    done = all_at_once(own_database, [*deeds, join])
    assert done["done"] in {2, 3}
    with session_factory(own_database)() as session:
        assert session.scalar(select(func.count(LiveCount.seq))) == 1
        assert verify_chain(session) == []


def assert_one_count(engine: Engine) -> None:
    with session_factory(engine)() as session:
        assert session.scalar(select(func.count(LedgerEntry.seq))) == 1
        assert session.scalar(select(func.count(LiveCount.seq))) == 1
        assert refold_agrees(session, "P15")
        assert verify_chain(session) == []


def publishing(posting_id: int, officer_id: int) -> Callable[[Session], object]:
    return lambda session: postings.approve_posting(
        session, by=session.get_one(User, officer_id), posting_id=posting_id, at=AT
    )


def test_fifty_sources_publish_one_post_at_once_and_it_counts_once(own_database: Engine) -> None:
    with session_factory(own_database)() as session:
        factories.make_period(session)
        officer = factories.make_officer(session).user_id
        first = factories.make_employer(session)
        firms = [
            factories.make_employer(session, name=first.name, origin="import:board") for _ in range(CROWD)
        ]
        waiting = {"status": PostingStatus.REVIEW, "published_at": None}
        made = [factories.make_posting(session, firm, headcount=3, **waiting) for firm in firms]
        session.commit()
        deeds = [publishing(one.id, officer) for one in made]
    assert all_at_once(own_database, deeds) == {"done": CROWD}
    with session_factory(own_database)() as session:
        assert post_totals(session, PostFilter("P15")).total == 3
        assert list(differences(session)) == []


def test_two_figures_of_one_day_published_at_once_give_way_to_each_other(own_database: Engine) -> None:
    """D1's 33 people less D2's 30 would tell the three of grade C."""
    day, later = date(2026, 6, 15), AT + timedelta(days=60)
    with session_factory(own_database)() as session:
        factories.make_period(session)
        for row in read_table("definitions.json")["definitions"]:
            keep_definition(session, row, AT)
        one, two = (factories.make_officer(session).user for _ in range(2))
        waiting = []
        for key in ("D1", "D2"):
            asked = publications.ask_publication(
                session, by=one, period_id="P15", definition_id=key, as_of=day, at=later
            )
            answer = as_if_counted(answer_of(session, asked), {"420106": {"A": 10, "B": 20, "C": 3}})
            publications.keep_answer(session, publication_id=asked.id, answer=answer, at=later)
            waiting.append(asked.id)
        session.commit()

    def publishing(publication_id: int) -> Callable[[Session], object]:
        return lambda session: publications.publish(
            session, by=session.get_one(User, two.id), publication_id=publication_id, at=later
        )

    assert all_at_once(own_database, [publishing(number) for number in waiting]) == {"done": 2}
    with session_factory(own_database)() as session:
        figures = session.scalars(select(PublishedFigure).order_by(PublishedFigure.id))
        first, second = (as_seen(one).shown["total"] for one in figures)
        assert second == "＊", f"{first} is public"
