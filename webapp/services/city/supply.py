"""What there is to match in a made-up city: its firms' postings and the resumes of its newest graduates."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from webapp.domain.dates import start_of_day
from webapp.domain.posting_rules import PostingTerms
from webapp.domain.postings import Kind, PostingStatus
from webapp.domain.well_paid import is_well_paid
from webapp.models import Posting
from webapp.models.resume import ResumeSource
from webapp.services.city.bulk import Bulk, Row
from webapp.services.city.cast import MARK, ORIGIN, Firm
from webapp.services.city.plan import AS_OF
from webapp.services.city.texts import Texts

CHUNK = 10_000
DAYS_SHOWN, LEAST_DAYS_LEFT = 60, 15


def write_postings(bulk: Bulk, firms: Sequence[Firm], texts: Texts, *, count: int) -> None:
    """Write live postings; like people, they crowd at the first firms."""
    for start in range(0, count, CHUNK):
        numbers = range(start + 1, min(start + CHUNK, count) + 1)
        bulk.write(Posting, [_posting(number, firms, texts) for number in numbers])


def resume_row(graduate_id: int, said: Row, created_at: datetime) -> Row:
    """Return the row of a graduate's resume; made-up texts name nobody, so nothing is blacked out."""
    return {
        "graduate_id": graduate_id,
        "version": 1,
        "source": ResumeSource.PASTE,
        "text": said["text"],
        "redacted_text": said["text"],
        "skills": said["skills"],
        "fields": {},
        "is_current": True,
        "created_at": created_at,
    }


def _posting(number: int, firms: Sequence[Firm], texts: Texts) -> Row:
    said = texts.posting(number)
    dice = number * 2_654_435_761 % 2**32
    at = int(len(firms) * (dice / 2**32) ** 2)
    firm = firms[at]
    published_on = AS_OF - timedelta(days=dice % DAYS_SHOWN)
    terms = PostingTerms(
        kind=Kind(said["kind"]), title=said["title"], degree_min=said["degree_min"], pay_min=said["pay_min"]
    )
    return {
        "id": number,
        "employer_id": at + 1,
        "status": PostingStatus.LIVE,
        **said,
        "kind": terms.kind,
        "filled": 0,
        "district": firm.place,
        "address": f"{MARK}大道 {at + 1} 号",
        "months": terms.months,
        "well_paid": is_well_paid(terms, on=AS_OF),
        "cluster": firm.cluster,
        "valid_until_on": AS_OF + timedelta(days=LEAST_DAYS_LEFT + dice % DAYS_SHOWN),
        "published_at": start_of_day(published_on),
        "origin": ORIGIN,
        "created_at": start_of_day(published_on),
    }
