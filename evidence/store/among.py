"""The condition that a column is one of many values, which go to the database as one."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

_POSTGRESQL = "postgresql"


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
    dialect = connection.dialect.name
    return _among(dialect, column, sa.literal(given(dialect, values), _type_of(dialect, column)))


def among_given(dialect: str, column: Any, name: str = "values") -> sa.ColumnElement[bool]:
    """Return the same condition for a statement that is made once and runs often, with other values each time.

    Args:
        dialect: of the database.
        column: of numbers or texts.
        name: of the parameter that takes the values, as `given` returns them.

    >>> with sa.create_engine("sqlite://").connect() as connection:
    ...     statement = sa.select(among_given("sqlite", sa.func.abs(-7)))
    ...     [connection.scalar(statement, {"values": given("sqlite", some)}) for some in ([1, 7], [2])]
    [True, False]
    """
    return _among(dialect, column, sa.bindparam(name, type_=_type_of(dialect, column)))


def given(dialect: str, values: Collection[int | str]) -> Any:
    """Return values as the parameter of `among_given` takes them."""
    return list(values) if dialect == _POSTGRESQL else json.dumps(list(values))


def _among(dialect: str, column: Any, listed: sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool]
    if dialect == _POSTGRESQL:
        condition = column == sa.any_(listed)
    else:
        condition = column.in_(sa.select(sa.func.json_each(listed).table_valued("value").c.value))
    return condition


def _type_of(dialect: str, column: Any) -> sa.types.TypeEngine[Any]:
    return sa.ARRAY(column.type) if dialect == _POSTGRESQL else sa.Text()
