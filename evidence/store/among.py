"""The condition that a column is one of many values, which go to the database as one."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY


def among(connection: sa.Connection, column: Any, values: Collection[int | str]) -> sa.ColumnElement[bool]:
    """Return the condition that a column is one of some values, however many these are.

    As variables, SQLAlchemy would look at each of them several times, and databases take some ten thousands at most.

    Args:
        connection: on which the statement will run.
        column: of numbers or texts.
        values: which, in any order.

    >>> with sa.create_engine("sqlite://").connect() as connection:
    ...     number = sa.func.abs(-7)
    ...     connection.scalar(sa.select(among(connection, number, [1, 7])))
    True
    """
    condition: sa.ColumnElement[bool]
    if connection.dialect.name == "postgresql":
        condition = column == sa.any_(sa.literal(list(values), ARRAY(column.type)))
    else:
        listed = sa.func.json_each(json.dumps(list(values))).table_valued("value")
        condition = column.in_(sa.select(listed.c.value))
    return condition
