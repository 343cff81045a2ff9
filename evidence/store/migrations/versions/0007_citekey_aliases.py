"""Which keys of a work are former ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("citekey", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_alias", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("citekey", schema=None) as batch_op:
        batch_op.drop_column("is_alias")
