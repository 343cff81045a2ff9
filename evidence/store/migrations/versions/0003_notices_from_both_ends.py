"""What a notice does to another work, and the number of its entry at whoever asserts it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("record_id", sa.Text(), nullable=True))

    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notice_kind", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("notice_date", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("asserted_by", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("record_id", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_relation_value"), ["value"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relation_value"))
        for name in ("record_id", "asserted_by", "notice_date", "notice_kind"):
            batch_op.drop_column(name)

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_column("record_id")
