"""Libraries of reference managers, and citekeys of works that are not stored yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("citekey", sa.Column("scheme", sa.String(length=10), nullable=True))
    op.add_column("citekey", sa.Column("value", sa.Text(), nullable=True))
    op.create_index(op.f("ix_citekey_value"), "citekey", ["value"])
    op.create_table(
        "library",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reader", sa.String(length=20), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library")),
        sa.UniqueConstraint("path", name=op.f("uq_library_path")),
    )
    op.create_table(
        "library_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=True),
        sa.Column("former", sa.JSON(), nullable=False),
        sa.Column("is_failed", sa.Boolean(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("clashes", sa.JSON(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"], ["library.id"], name=op.f("fk_library_entry_library_id_library"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_entry")),
        sa.UniqueConstraint("library_id", "position", name=op.f("uq_library_entry_library_id_position")),
    )
    op.create_index(op.f("ix_library_entry_folded"), "library_entry", ["folded"])
    op.create_table(
        "library_identifier",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["library_entry.id"],
            name=op.f("fk_library_identifier_entry_id_library_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "scheme", name=op.f("pk_library_identifier")),
    )
    op.create_index(op.f("ix_library_identifier_scheme_value"), "library_identifier", ["scheme", "value"])


def downgrade() -> None:
    op.drop_table("library_identifier")
    op.drop_table("library_entry")
    op.drop_table("library")
    op.drop_index(op.f("ix_citekey_value"), table_name="citekey")
    with op.batch_alter_table("citekey") as batch:
        batch.drop_column("value")
        batch.drop_column("scheme")
