"""Verdicts from one audit until another, with what names a claim that is gone, and how works with notices stood."""

from __future__ import annotations

from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SHORT = 160


def upgrade() -> None:
    for column in (
        sa.Column("until_run_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("works", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=True),
    ):
        op.add_column("verdict", column)
    op.create_index(op.f("ix_verdict_until_run_id"), "verdict", ["until_run_id"], unique=False)

    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("until_run_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_standing_run_id_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
        sa.UniqueConstraint("run_id", "name", name=op.f("uq_standing_run_id_name")),
    )
    op.create_index(op.f("ix_standing_until_run_id"), "standing", ["until_run_id"], unique=False)

    _date_verdicts(op.get_bind())


def _date_verdicts(connection: sa.Connection) -> None:
    """Say until when each verdict held: so far every audit wrote all of them anew, so until the next one."""
    run = sa.table("run", sa.column("id"), sa.column("command"))
    verdict = sa.table(
        "verdict",
        sa.column("run_id"), sa.column("until_run_id"), sa.column("claim_id"),
        sa.column("path"), sa.column("line"), sa.column("text"),
    )  # fmt: skip
    claim = sa.table("claim", sa.column("id"), sa.column("page_id"), sa.column("line"), sa.column("text"))
    page = sa.table("page", sa.column("id"), sa.column("path"))
    audits = connection.scalars(sa.select(run.c.id).where(run.c.command == "audit").order_by(run.c.id)).all()
    for number, following in pairwise(audits):
        connection.execute(sa.update(verdict).where(verdict.c.run_id == number).values(until_run_id=following))
    of_claim = claim.c.id == verdict.c.claim_id
    path = sa.select(page.c.path).join_from(page, claim, claim.c.page_id == page.c.id).where(of_claim)
    connection.execute(
        sa.update(verdict).values(
            path=path.scalar_subquery(),
            line=sa.select(claim.c.line).where(of_claim).scalar_subquery(),
            text=sa.select(sa.func.substr(claim.c.text, 1, _SHORT)).where(of_claim).scalar_subquery(),
        )
    )


def downgrade() -> None:
    op.drop_table("standing")
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdict_until_run_id"))
        for name in ("digest", "works", "text", "line", "path", "until_run_id"):
            batch_op.drop_column(name)
