"""The tables, one noun a file. Importing this package knows them all."""

from webapp.models.agreement import Agreement
from webapp.models.application import Application, ApplicationStep
from webapp.models.audit import AuditEntry
from webapp.models.audit_sample import AuditItem, AuditSample
from webapp.models.background import IndexProbe, OutgoingLetter, TaskRun
from webapp.models.base import Base
from webapp.models.consent import Consent
from webapp.models.digest import Digest, DigestPosting
from webapp.models.employer import Employer, Member
from webapp.models.evidence import Evidence, Verification
from webapp.models.followup import FollowUp, FollowUpAnswer, FollowUpTotal, StayMonth
from webapp.models.funnel import FunnelTotal
from webapp.models.graduate import Graduate
from webapp.models.import_run import ImportMatch, ImportProblem, ImportRun
from webapp.models.interview import Interview
from webapp.models.invitation import Invitation, StaffInvitation
from webapp.models.ledger import (
    ClosedMonth,
    Confirmation,
    CountFacts,
    KeptRuleset,
    LedgerCheck,
    LedgerCorrection,
    LedgerEntry,
    LedgerTotal,
    LiveCount,
    PersonAlias,
    PublishedHead,
    RetainedSum,
)
from webapp.models.market import MarketList, MarketRun
from webapp.models.matching import Embedding, MatchChange, MatchFeed, ServingModel
from webapp.models.notification import Notification
from webapp.models.offer import Offer
from webapp.models.officer import Officer
from webapp.models.outcome import OutcomeTotal, RegisteredOutcome
from webapp.models.placement import Placement
from webapp.models.planner import PlannerSum
from webapp.models.post_ledger import (
    MarketPay,
    Post,
    PostEntry,
    PostOffer,
    PostQuestion,
    PostSeparation,
    PostTotal,
)
from webapp.models.posting import Posting, SavedPosting
from webapp.models.programme import Period, ReportedFigure, Station, Target, TraineeshipBase
from webapp.models.publication import (
    FigureCheck,
    KeptDefinition,
    Publication,
    PublishedFigure,
    Reconciliation,
)
from webapp.models.report import ReportOrder, ReportRelease, ReportSnapshot
from webapp.models.resume import Resume
from webapp.models.stored_file import StoredFile
from webapp.models.user import User

__all__ = [
    "Agreement",
    "Application",
    "ApplicationStep",
    "AuditEntry",
    "AuditItem",
    "AuditSample",
    "Base",
    "ClosedMonth",
    "Confirmation",
    "Consent",
    "CountFacts",
    "Digest",
    "DigestPosting",
    "Embedding",
    "Employer",
    "Evidence",
    "FigureCheck",
    "FollowUp",
    "FollowUpAnswer",
    "FollowUpTotal",
    "FunnelTotal",
    "Graduate",
    "ImportMatch",
    "ImportProblem",
    "ImportRun",
    "IndexProbe",
    "Interview",
    "Invitation",
    "KeptDefinition",
    "KeptRuleset",
    "LedgerCheck",
    "LedgerCorrection",
    "LedgerEntry",
    "LedgerTotal",
    "LiveCount",
    "MarketList",
    "MarketPay",
    "MarketRun",
    "MatchChange",
    "MatchFeed",
    "Member",
    "Notification",
    "Offer",
    "Officer",
    "OutcomeTotal",
    "OutgoingLetter",
    "Period",
    "PersonAlias",
    "Placement",
    "PlannerSum",
    "Post",
    "PostEntry",
    "PostOffer",
    "PostQuestion",
    "PostSeparation",
    "PostTotal",
    "Posting",
    "Publication",
    "PublishedFigure",
    "PublishedHead",
    "Reconciliation",
    "RegisteredOutcome",
    "ReportOrder",
    "ReportRelease",
    "ReportSnapshot",
    "ReportedFigure",
    "Resume",
    "RetainedSum",
    "SavedPosting",
    "ServingModel",
    "StaffInvitation",
    "Station",
    "StayMonth",
    "StoredFile",
    "Target",
    "TaskRun",
    "TraineeshipBase",
    "User",
    "Verification",
]
