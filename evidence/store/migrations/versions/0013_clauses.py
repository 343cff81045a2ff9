"""The clause of its claim that each citation closes; empty until its page is read again, as the next refresh does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("citation", sa.Column("clause", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("citation", "clause")
