"""One index by claim instead of two: names of claims come in no order, and each index is written all over."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdict_claim_id"))
        batch_op.drop_constraint(batch_op.f("uq_verdict_run_id_claim_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_verdict_claim_id_run_id"), ["claim_id", "run_id"])
        batch_op.create_index(batch_op.f("ix_verdict_run_id"), ["run_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdict_run_id"))
        batch_op.drop_constraint(batch_op.f("uq_verdict_claim_id_run_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_verdict_run_id_claim_id"), ["run_id", "claim_id"])
        batch_op.create_index(batch_op.f("ix_verdict_claim_id"), ["claim_id"], unique=False)
