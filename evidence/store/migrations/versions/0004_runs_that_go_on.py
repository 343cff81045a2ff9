"""What one run leaves the next: answers on the way, when registries were asked; identifiers in dispute by name."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import context, op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CONFLICT = re.compile(r"(doi|pmid|pmcid):(\S+) \(")


def upgrade() -> None:
    op.create_table(
        "pending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("identifiers", sa.JSON(), nullable=False),
        sa.Column("hits", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending")),
    )
    op.create_table(
        "registry",
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("source", "host", name=op.f("pk_registry")),
    )
    dispute = op.create_table(
        "dispute",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_dispute_work_id_work"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("work_id", "scheme", "value", name=op.f("pk_dispute")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_value"), ["value"], unique=False)
    _read_disputes(dispute)


def _read_disputes(dispute: sa.Table) -> None:
    """Fill the table from the texts of before: works in dispute are only made anew together."""
    if context.is_offline_mode():
        return
    work = sa.table("work", sa.column("id", sa.Integer), sa.column("conflicts", sa.JSON))
    connection = op.get_bind()
    rows = {
        (work_id, scheme, value)
        for work_id, texts in connection.execute(sa.select(work.c.id, work.c.conflicts))
        for text in texts or ()
        for scheme, value in _CONFLICT.findall(text)
    }
    if rows:
        found = [{"work_id": work_id, "scheme": scheme, "value": value} for work_id, scheme, value in sorted(rows)]
        connection.execute(sa.insert(dispute), found)


def downgrade() -> None:
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_value"))
    for name in ("dispute", "registry", "pending"):
        op.drop_table(name)
