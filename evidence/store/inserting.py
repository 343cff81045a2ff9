"""Many rows for one table, as the driver takes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from evidence.store.models import Base


def inserting(
    connection: sa.Connection, table: type[Base], names: Sequence[str], *, written: Collection[str] = ()
) -> Callable[[Iterable[tuple[Any, ...]]], None]:
    """Return what adds rows to a table in a fraction of the time: SQLAlchemy would look at each value again.

    Args:
        connection: in a transaction that writes.
        table: which.
        names: of its columns, in the order in which each row has their values. The others stay empty.
        written: those of them whose values are JSON already.

    >>> from evidence.store import models
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     models.Base.metadata.create_all(connection)
    ...     inserting(connection, models.Author, ("id", "family"))([(7, "Lee"), (8, "Wu")])
    ...     list(connection.execute(sa.select(models.Author.id, models.Author.family)))
    [(7, 'Lee'), (8, 'Wu')]
    """
    dialect = connection.dialect
    values: dict[str, Any] = {name: sa.bindparam(name) for name in names}
    for name in written:
        text = sa.bindparam(name, type_=sa.Text)
        values[name] = sa.cast(text, sa.JSON) if dialect.name == "postgresql" else text
    compiled = sa.insert(table.__table__).values(**values).compile(dialect=dialect)  # type: ignore[arg-type]
    # None where the driver takes names.
    order: list[str] | None = getattr(compiled, "positiontup", None)
    take = itemgetter(*map(names.index, order)) if order else None

    def insert(rows: Iterable[tuple[Any, ...]]) -> None:
        taken: list[Any] = [take(row) if take is not None else dict(zip(names, row, strict=True)) for row in rows]
        if taken:
            connection.exec_driver_sql(str(compiled), taken)

    return insert
