"""Editors of books, and the series of the book that a chapter stands in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("work", sa.Column("series", sa.Text(), nullable=True))
    op.create_table(
        "editorship",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_editorship_author_id_author")),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_editorship_work_id_work"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("work_id", "position", name=op.f("pk_editorship")),
    )
    op.create_index(op.f("ix_editorship_author_id"), "editorship", ["author_id"])


def downgrade() -> None:
    op.drop_table("editorship")
    op.drop_column("work", "series")
