"""First tables."""

import sqlalchemy as sa
from alembic import op

from webapp.database import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "embedding",
        sa.Column(
            "owner_kind",
            sa.Enum(
                "posting", "resume", name="owner_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("owner_kind", "owner_id", "model_id", name=op.f("pk_embedding")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, comment="sha256 of the file"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Integer(), nullable=False),
        sa.Column("merged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("kind", "digest", name=op.f("uq_import_run_kind_digest")),
    )
    op.create_table(
        "match_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "owner_kind",
            sa.Enum(
                "posting", "resume", name="owner_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_change")),
    )
    with op.batch_alter_table("match_change", schema=None) as batch_op:
        batch_op.create_index("ix_match_change_owner", ["owner_kind", "owner_id"], unique=False)

    op.create_table(
        "period",
        sa.Column("id", sa.String(), nullable=False, comment="P14, P15"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("ruleset_id", sa.String(), nullable=False),
        sa.CheckConstraint("status IN ('upcoming','open','closing','closed')", name=op.f("ck_period_status")),
        sa.CheckConstraint("start_on <= end_on", name=op.f("ck_period_start_before_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
    )
    op.create_table(
        "station",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("institution_code", name=op.f("uq_station_institution_code")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "graduate",
                "employer",
                "officer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True, comment="lower case"),
        sa.Column("mobile", sa.String(), nullable=True, comment="11 digits"),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("last_login_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("email IS NOT NULL OR mobile IS NOT NULL", name=op.f("ck_user_email_or_mobile")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("mobile", name=op.f("uq_user_mobile")),
    )
    op.create_table(
        "graduate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("institution_code", sa.String(), nullable=True, comment="10-digit code of the MOE list"),
        sa.Column("major_name", sa.String(), nullable=True),
        sa.Column(
            "degree",
            sa.Enum(
                "associate",
                "bachelor",
                "master",
                "doctor",
                name="degree",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("graduation_on", sa.Date(), nullable=True),
        sa.Column("person_key", sa.String(), nullable=True),
        sa.Column("degree_verified_on", sa.Date(), nullable=True),
        sa.Column("degree_verified_by_id", sa.Integer(), nullable=True),
        sa.Column("wanted", sa.JSON(), nullable=False, comment="positions wished for"),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("districts", sa.JSON(), nullable=False),
        sa.Column("clusters", sa.JSON(), nullable=False),
        sa.Column("pay_min", sa.Integer(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("searchable", sa.Boolean(), nullable=False),
        sa.Column("personalised", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", Instant(), nullable=True, comment="erased on request (PIPL 47)"),
        sa.Column("matched_at", Instant(), nullable=True, comment="first time matches were shown"),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "(degree_verified_on IS NULL) = (degree_verified_by_id IS NULL)",
            name=op.f("ck_graduate_verified_by_someone"),
        ),
        sa.CheckConstraint("pay_min IS NULL OR pay_min >= 0", name=op.f("ck_graduate_pay_not_negative")),
        sa.ForeignKeyConstraint(
            ["degree_verified_by_id"], ["user.id"], name=op.f("fk_graduate_degree_verified_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_graduate_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_graduate")),
        sa.UniqueConstraint("user_id", name=op.f("uq_graduate_user_id")),
    )
    with op.batch_alter_table("graduate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_graduate_graduation_on"), ["graduation_on"], unique=False)
        batch_op.create_index(
            "ix_graduate_institution_graduation", ["institution_code", "graduation_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_graduate_person_key"), ["person_key"], unique=False)

    op.create_table(
        "import_problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_run.id"],
            name=op.f("fk_import_problem_run_id_import_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_problem")),
    )
    with op.batch_alter_table("import_problem", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_problem_run_id"), ["run_id"], unique=False)

    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False, comment="msgid with %(name)s places"),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("link", sa.String(), nullable=True, comment="path on this site"),
        sa.Column("read_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_notification_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index("ix_notification_user", ["user_id", "read_at", "id"], unique=False)

    op.create_table(
        "officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "city",
                "unit",
                "station",
                "auditor",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("institution_code", sa.String(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "(scope = 'station') = (institution_code IS NOT NULL)",
            name=op.f("ck_officer_institution_iff_station_scope"),
        ),
        sa.CheckConstraint(
            "(scope = 'unit') = (unit IS NOT NULL)", name=op.f("ck_officer_unit_iff_unit_scope")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_officer_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("user_id", name=op.f("uq_officer_user_id")),
    )
    op.create_table(
        "reported_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column(
            "label", sa.String(), nullable=False, comment="the time it speaks of, as reported: 2022-2024"
        ),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_reported_figure_period_id_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_figure")),
    )
    with op.batch_alter_table("reported_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reported_figure_period_id"), ["period_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_not_empty")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_stored_file_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False, comment="unit of measurement: 人, 个, 平方米"),
        sa.Column("unit", sa.String(), nullable=False, comment="reporting unit; city for the whole"),
        sa.Column("year", sa.Integer(), nullable=False, comment="0: the whole period"),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("subset_of", sa.String(), nullable=True),
        sa.Column("quote", sa.String(), nullable=True, comment="the plan's own words"),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_target_period_id_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            "period_id", "indicator", "unit", "year", name=op.f("uq_target_period_id_indicator_unit_year")
        ),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column(
            "on_behalf_of",
            sa.String(),
            nullable=False,
            comment="the organisation or office, as the person reads it",
        ),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("graduate_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True, comment="other subject, as kind:id"),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_audit_entry_actor_id_user")),
        sa.ForeignKeyConstraint(
            ["graduate_id"],
            ["graduate.id"],
            name=op.f("fk_audit_entry_graduate_id_graduate"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_graduate", ["graduate_id", "at"], unique=False)

    op.create_table(
        "employer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credit_code", sa.String(), nullable=False, comment="GB 32100-2015, upper case"),
        sa.Column(
            "kind",
            sa.Enum(
                "company",
                "state_owned",
                "public_institution",
                "government",
                "social",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "returned",
                "suspended",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("industry", sa.String(), nullable=True),
        sa.Column("cluster", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=True, comment="gb2260 or local zone code"),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("intro", sa.String(), nullable=True),
        sa.Column("website", sa.String(), nullable=True),
        sa.Column("contact_name", sa.String(), nullable=True),
        sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("licence_file_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", Instant(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_until_on", sa.Date(), nullable=True),
        sa.Column("return_reason", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False, comment="platform, demo or import:<source>"),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "status <> 'approved' OR (verified_on IS NOT NULL AND verified_by_id IS NOT NULL)",
            name=op.f("ck_employer_approved_by_someone"),
        ),
        sa.ForeignKeyConstraint(
            ["licence_file_id"], ["stored_file.id"], name=op.f("fk_employer_licence_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["user.id"], name=op.f("fk_employer_verified_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_employer_credit_code")),
    )
    with op.batch_alter_table("employer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employer_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_employer_status"), ["status"], unique=False)

    op.create_table(
        "resume",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("graduate_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "upload", "paste", "form", name="source", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("filename", sa.String(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("redacted_text", sa.String(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_resume_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_resume_graduate_id_graduate"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resume")),
    )
    with op.batch_alter_table("resume", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resume_graduate_id"), ["graduate_id"], unique=False)
        batch_op.create_index(
            "uq_resume_current",
            ["graduate_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "service",
                "share_with_employer",
                "be_found",
                "counting",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True, comment="share only with"),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_consent_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_consent_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_user_purpose", ["user_id", "purpose"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("owner", "recruiter", name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_member_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_member_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("user_id", name=op.f("uq_member_user_id")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_employer_id"), ["employer_id"], unique=False)

    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "job",
                "internship",
                "traineeship",
                "grassroots",
                "research_assistant",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "review",
                "returned",
                "live",
                "paused",
                "closed",
                "expired",
                "removed",
                "archived",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("duties", sa.String(), nullable=False),
        sa.Column("requirements", sa.String(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("majors", sa.JSON(), nullable=False),
        sa.Column(
            "degree_min",
            sa.Enum(
                "associate",
                "bachelor",
                "master",
                "doctor",
                name="degree_min",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column(
            "district", sa.String(), nullable=True, comment="gb2260 or local zone code; null: not in Wuhan"
        ),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("pay_min", sa.Integer(), nullable=True),
        sa.Column("pay_max", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("pay_text", sa.String(), nullable=True, comment="as written by an imported source"),
        sa.Column("well_paid", sa.Boolean(), nullable=False, comment="高薪优岗 by the threshold in force"),
        sa.Column("cluster", sa.String(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("converts", sa.Boolean(), nullable=False, comment="an internship that may become a job"),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("submitted_at", Instant(), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("return_reason", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False, comment="platform, demo or import:<source>"),
        sa.Column("external_key", sa.String(), nullable=True, comment="digest of an imported row"),
        sa.Column("updated_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "status <> 'live' OR published_at IS NOT NULL", name=op.f("ck_posting_live_is_published")
        ),
        sa.CheckConstraint(
            "filled >= 0 AND filled <= headcount", name=op.f("ck_posting_filled_within_headcount")
        ),
        sa.CheckConstraint("headcount >= 1", name=op.f("ck_posting_headcount_positive")),
        sa.CheckConstraint(
            "pay_min IS NULL OR pay_max IS NULL OR pay_min <= pay_max", name=op.f("ck_posting_pay_order")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_posting_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["user.id"], name=op.f("fk_posting_reviewed_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("external_key", name=op.f("uq_posting_external_key")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index("ix_posting_status_kind_district", ["status", "kind", "district"], unique=False)
        batch_op.create_index("ix_posting_status_published", ["status", "published_at"], unique=False)

    op.create_table(
        "staff_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "graduate",
                "employer",
                "officer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column(
            "scope",
            sa.Enum(
                "city",
                "unit",
                "station",
                "auditor",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("institution_code", sa.String(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("accepted_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_staff_invitation_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["user.id"], name=op.f("fk_staff_invitation_invited_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_invitation_token_hash")),
    )
    op.create_table(
        "traineeship_base",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="traineeship, internship or training"),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("valid_to_on", sa.Date(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_traineeship_base_employer_id_employer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traineeship_base")),
        sa.UniqueConstraint("name", name=op.f("uq_traineeship_base_name")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("graduate_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("resume_id", sa.Integer(), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column(
            "converted_from_id",
            sa.Integer(),
            nullable=True,
            comment="the internship or traineeship that became this job",
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "draft",
                "submitted",
                "viewed",
                "screened_in",
                "assessment",
                "interview_scheduled",
                "interviewed",
                "no_show",
                "offer_made",
                "accepted",
                "agreement_pending",
                "agreement_signed",
                "onboarded",
                "probation",
                "confirmed",
                "withdrawn",
                "rejected",
                "declined",
                "expired",
                "breached",
                "dissolved",
                "left",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stage_since_at", Instant(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True, comment="first answer of the employer"),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("stage <> 'draft'", name=op.f("ck_application_submitted")),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_application_consent_id_consent")
        ),
        sa.ForeignKeyConstraint(
            ["converted_from_id"],
            ["application.id"],
            name=op.f("fk_application_converted_from_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_application_graduate_id_graduate")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_application_posting_id_posting")
        ),
        sa.ForeignKeyConstraint(["resume_id"], ["resume.id"], name=op.f("fk_application_resume_id_resume")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_graduate_id"), ["graduate_id"], unique=False)
        batch_op.create_index("ix_application_posting_stage", ["posting_id", "stage"], unique=False)
        batch_op.create_index(
            "uq_application_open",
            ["graduate_id", "posting_id"],
            unique=True,
            sqlite_where=sa.text(
                "stage NOT IN ('withdrawn','rejected','declined','expired','breached','dissolved','left')"
            ),
            postgresql_where=sa.text(
                "stage NOT IN ('withdrawn','rejected','declined','expired','breached','dissolved','left')"
            ),
        )

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("graduate_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "sent",
                "accepted",
                "declined",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["graduate_id"],
            ["graduate.id"],
            name=op.f("fk_invitation_graduate_id_graduate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["user.id"], name=op.f("fk_invitation_invited_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_invitation_posting_id_posting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("posting_id", "graduate_id", name=op.f("uq_invitation_posting_id_graduate_id")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "saved_posting",
        sa.Column("graduate_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["graduate_id"],
            ["graduate.id"],
            name=op.f("fk_saved_posting_graduate_id_graduate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_saved_posting_posting_id_posting")
        ),
        sa.PrimaryKeyConstraint("graduate_id", "posting_id", name=op.f("pk_saved_posting")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("graduate_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=True, comment="number on the ministry's platform"),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "accepted",
                "school_review",
                "signed",
                "dissolve_requested",
                "dissolved",
                "refused",
                "expired",
                "cancelled",
                "returned",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("dissolution_reason", sa.String(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_agreement_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_agreement_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_agreement_graduate_id_graduate")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_agreement_recorded_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_graduate_id"), ["graduate_id"], unique=False)
        batch_op.create_index(
            "uq_agreement_signed",
            ["graduate_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('signed','dissolve_requested')"),
            postgresql_where=sa.text("state IN ('signed','dissolve_requested')"),
        )

    op.create_table(
        "application_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "draft",
                "submitted",
                "viewed",
                "screened_in",
                "assessment",
                "interview_scheduled",
                "interviewed",
                "no_show",
                "offer_made",
                "accepted",
                "agreement_pending",
                "agreement_signed",
                "onboarded",
                "probation",
                "confirmed",
                "withdrawn",
                "rejected",
                "declined",
                "expired",
                "breached",
                "dissolved",
                "left",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "target",
            sa.Enum(
                "draft",
                "submitted",
                "viewed",
                "screened_in",
                "assessment",
                "interview_scheduled",
                "interviewed",
                "no_show",
                "offer_made",
                "accepted",
                "agreement_pending",
                "agreement_signed",
                "onboarded",
                "probation",
                "confirmed",
                "withdrawn",
                "rejected",
                "declined",
                "expired",
                "breached",
                "dissolved",
                "left",
                name="target",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="null: the system"),
        sa.Column(
            "actor_role",
            sa.Enum(
                "graduate",
                "employer",
                "officer",
                name="actor_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("idempotency_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_application_step_actor_id_user")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_step_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_step")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_application_step_idempotency_key")),
    )
    with op.batch_alter_table("application_step", schema=None) as batch_op:
        batch_op.create_index("ix_application_step_application", ["application_id", "id"], unique=False)

    op.create_table(
        "interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False, comment="onsite, video or phone"),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column(
            "employer_report", sa.String(), nullable=True, comment="held, graduate_absent, employer_absent"
        ),
        sa.Column("graduate_report", sa.String(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_interview_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_application_id"), ["application_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("pay", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column(
            "contract_type",
            sa.String(),
            nullable=False,
            comment="fixed, open_ended, internship, traineeship, project",
        ),
        sa.Column("contract_months", sa.Integer(), nullable=True, comment="null: open-ended"),
        sa.Column("probation_months", sa.Integer(), nullable=False),
        sa.Column("probation_pay", sa.Integer(), nullable=True, comment="null: the agreed pay"),
        sa.Column("deadline_on", sa.Date(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("pay > 0", name=op.f("ck_offer_pay_positive")),
        sa.CheckConstraint("probation_months >= 0", name=op.f("ck_offer_probation_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_offer_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_application_id"), ["application_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("graduate_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column(
            "employer_name", sa.String(), nullable=True, comment="an employer that is not on the platform"
        ),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("outcome_code", sa.String(), nullable=False, comment="MOE 毕业去向 code"),
        sa.Column(
            "state",
            sa.Enum(
                "claimed",
                "evidenced",
                "provisional",
                "counted",
                "confirmed",
                "disputed",
                "returned",
                "reversed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "district",
            sa.String(),
            nullable=True,
            comment="gb2260 or zone of the place of work; null: not Wuhan",
        ),
        sa.Column("unit", sa.String(), nullable=True, comment="reporting unit of the place of work"),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("pay", sa.Integer(), nullable=True),
        sa.Column("cluster", sa.String(), nullable=True),
        sa.Column("claimed_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "claimed_by_role",
            sa.Enum(
                "graduate",
                "employer",
                "officer",
                name="claimed_by_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_since_at", Instant(), nullable=False),
        sa.Column("return_reason", sa.String(), nullable=True),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", "D", name="grade", native_enum=False, create_constraint=True, length=32),
            nullable=True,
            comment="strongest evidence the count rests on",
        ),
        sa.Column(
            "reversal_cause",
            sa.Enum(
                "R1",
                "R2",
                "R3",
                "R4",
                "R5",
                "R6",
                "R7",
                name="reversal_cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "reversal_asked_by_id",
            sa.Integer(),
            nullable=True,
            comment="first officer; a second one reverses",
        ),
        sa.Column("period_id", sa.String(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "employer_id IS NOT NULL OR employer_name IS NOT NULL OR outcome_code IN ('75','76')",
            name=op.f("ck_placement_employer_or_own"),
        ),
        sa.CheckConstraint(
            "(reversal_cause IS NULL) = (reversal_asked_by_id IS NULL)",
            name=op.f("ck_placement_reversal_is_asked_by_someone"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_placement_application_id_application")
        ),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["user.id"], name=op.f("fk_placement_claimed_by_id_user")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_placement_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_placement_graduate_id_graduate")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_placement_period_id_period")),
        sa.ForeignKeyConstraint(
            ["reversal_asked_by_id"], ["user.id"], name=op.f("fk_placement_reversal_asked_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("application_id", name=op.f("uq_placement_application_id")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_graduate_id"), ["graduate_id"], unique=False)
        batch_op.create_index("ix_placement_state_claimed", ["state", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_unit"), ["unit"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False, comment="key of data/programme/evidence_types.json"),
        sa.Column(
            "grade",
            sa.Enum("A", "B", "C", "D", name="grade", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=False, comment="upload, import or platform"),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("valid_from_on", sa.Date(), nullable=True),
        sa.Column("valid_to_on", sa.Date(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_evidence_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_evidence_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["user.id"], name=op.f("fk_evidence_submitted_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "ledger_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "count",
                "reverse",
                "move_out",
                "move_in",
                "alias",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("person_root", sa.String(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("attributed_month", sa.String(), nullable=False),
        sa.Column("posted_month", sa.String(), nullable=False),
        sa.Column("cancels_seq", sa.Integer(), nullable=True),
        sa.Column(
            "cause",
            sa.Enum(
                "R1",
                "R2",
                "R3",
                "R4",
                "R5",
                "R6",
                "R7",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("second_actor_id", sa.Integer(), nullable=True),
        sa.Column("evidence_ids", sa.JSON(), nullable=False),
        sa.Column("grade", sa.String(), nullable=True, comment="strongest evidence when counted"),
        sa.Column("ruleset_id", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reverse') = (cancels_seq IS NOT NULL AND cause IS NOT NULL AND second_actor_id IS NOT NULL)",
            name=op.f("ck_ledger_entry_reversal_is_complete"),
        ),
        sa.CheckConstraint("delta IN (-1, 0, 1)", name=op.f("ck_ledger_entry_delta_is_one")),
        sa.CheckConstraint(
            "second_actor_id IS NULL OR second_actor_id <> actor_id",
            name=op.f("ck_ledger_entry_two_officers"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_ledger_entry_actor_id_user")),
        sa.ForeignKeyConstraint(
            ["cancels_seq"], ["ledger_entry.seq"], name=op.f("fk_ledger_entry_cancels_seq_ledger_entry")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_ledger_entry_period_id_period")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_ledger_entry_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["second_actor_id"], ["user.id"], name=op.f("fk_ledger_entry_second_actor_id_user")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("event_id", name=op.f("uq_ledger_entry_event_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_ledger_entry_idempotency_key")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_entry_period", ["period_id", "unit", "attributed_month"], unique=False
        )
        batch_op.create_index("ix_ledger_entry_person", ["person_root", "period_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entry_placement_id"), ["placement_id"], unique=False)
        batch_op.create_index(
            "uq_ledger_entry_cancels",
            ["cancels_seq"],
            unique=True,
            sqlite_where=sa.text("cancels_seq IS NOT NULL"),
            postgresql_where=sa.text("cancels_seq IS NOT NULL"),
        )

    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("verifier_id", sa.Integer(), nullable=False),
        sa.Column(
            "round", sa.Integer(), nullable=False, comment="a returned claim comes back in a new round"
        ),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("approved OR reason IS NOT NULL", name=op.f("ck_verification_return_has_reason")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_verification_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(["verifier_id"], ["user.id"], name=op.f("fk_verification_verifier_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
        sa.UniqueConstraint(
            "placement_id",
            "verifier_id",
            "round",
            name=op.f("uq_verification_placement_id_verifier_id_round"),
        ),
    )
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verification_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "live_count",
        sa.Column("person_root", sa.String(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_live_count_period_id_period")),
        sa.ForeignKeyConstraint(["seq"], ["ledger_entry.seq"], name=op.f("fk_live_count_seq_ledger_entry")),
        sa.PrimaryKeyConstraint("person_root", "period_id", name=op.f("pk_live_count")),
        sa.UniqueConstraint("seq", name=op.f("uq_live_count_seq")),
    )


def downgrade() -> None:
    op.drop_table("live_count")
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verification_placement_id"))

    op.drop_table("verification")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ledger_entry_cancels",
            sqlite_where=sa.text("cancels_seq IS NOT NULL"),
            postgresql_where=sa.text("cancels_seq IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_ledger_entry_placement_id"))
        batch_op.drop_index("ix_ledger_entry_person")
        batch_op.drop_index("ix_ledger_entry_period")

    op.drop_table("ledger_entry")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_placement_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_unit"))
        batch_op.drop_index("ix_placement_state_claimed")
        batch_op.drop_index(batch_op.f("ix_placement_graduate_id"))
        batch_op.drop_index(batch_op.f("ix_placement_employer_id"))

    op.drop_table("placement")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_application_id"))

    op.drop_table("offer")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_application_id"))

    op.drop_table("interview")
    with op.batch_alter_table("application_step", schema=None) as batch_op:
        batch_op.drop_index("ix_application_step_application")

    op.drop_table("application_step")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_agreement_signed",
            sqlite_where=sa.text("state IN ('signed','dissolve_requested')"),
            postgresql_where=sa.text("state IN ('signed','dissolve_requested')"),
        )
        batch_op.drop_index(batch_op.f("ix_agreement_graduate_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_employer_id"))

    op.drop_table("agreement")
    op.drop_table("saved_posting")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_graduate_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_application_open",
            sqlite_where=sa.text(
                "stage NOT IN ('withdrawn','rejected','declined','expired','breached','dissolved','left')"
            ),
            postgresql_where=sa.text(
                "stage NOT IN ('withdrawn','rejected','declined','expired','breached','dissolved','left')"
            ),
        )
        batch_op.drop_index("ix_application_posting_stage")
        batch_op.drop_index(batch_op.f("ix_application_graduate_id"))

    op.drop_table("application")
    op.drop_table("traineeship_base")
    op.drop_table("staff_invitation")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index("ix_posting_status_published")
        batch_op.drop_index("ix_posting_status_kind_district")
        batch_op.drop_index(batch_op.f("ix_posting_employer_id"))

    op.drop_table("posting")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_employer_id"))

    op.drop_table("member")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_user_purpose")

    op.drop_table("consent")
    with op.batch_alter_table("resume", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_resume_current", sqlite_where=sa.text("is_current"), postgresql_where=sa.text("is_current")
        )
        batch_op.drop_index(batch_op.f("ix_resume_graduate_id"))

    op.drop_table("resume")
    with op.batch_alter_table("employer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employer_status"))
        batch_op.drop_index(batch_op.f("ix_employer_name"))

    op.drop_table("employer")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_graduate")

    op.drop_table("audit_entry")
    op.drop_table("target")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_stored_file_owner_id"))

    op.drop_table("stored_file")
    with op.batch_alter_table("reported_figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reported_figure_period_id"))

    op.drop_table("reported_figure")
    op.drop_table("officer")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index("ix_notification_user")

    op.drop_table("notification")
    with op.batch_alter_table("import_problem", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_problem_run_id"))

    op.drop_table("import_problem")
    with op.batch_alter_table("graduate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_graduate_person_key"))
        batch_op.drop_index("ix_graduate_institution_graduation")
        batch_op.drop_index(batch_op.f("ix_graduate_graduation_on"))

    op.drop_table("graduate")
    op.drop_table("user")
    op.drop_table("station")
    op.drop_table("period")
    with op.batch_alter_table("match_change", schema=None) as batch_op:
        batch_op.drop_index("ix_match_change_owner")

    op.drop_table("match_change")
    op.drop_table("import_run")
    op.drop_table("embedding")
