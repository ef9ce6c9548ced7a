"""What the list of Customers shows: those of the chosen segments, or of them those behind a mark that led here."""

from rfm_assets.dashboard.behind_moved import Behind
from rfm_assets.dashboard.sorting import Sorting, sorting_of
from rfm_assets.warehouse.query import Query, sql

_PACKAGE = "rfm_assets.dashboard"


def sorting_behind(behind: Behind | None) -> Sorting:
    """How the list of those behind a mark can be sorted."""
    return sorting_of(behind.group if behind else None)


def listed(order: str, behind: Behind | None = None) -> Query:
    """A page of the list. By a plain column, so that the first rows are found without sorting all of them."""
    by = sorting_behind(behind).orders[order]
    select = f"SELECT * FROM customers_listed ORDER BY {by}, CustomerID LIMIT $rows OFFSET $skipped"
    return Query(select, {"customers_listed": _narrowed(behind)})


def counted(behind: Behind | None = None) -> Query:
    """How many the list has, and what they have spent."""
    return sql(_PACKAGE, "queries/customers_counted", customers_listed=_narrowed(behind))


def money_counted(behind: Behind, money: Query) -> Query:
    """What a mark counted of the customers of the list; `money` finds it of each customer."""
    select = "SELECT coalesce(sum(money), 0) AS money FROM counted SEMI JOIN customers_listed USING (CustomerID)"
    return Query(select, {"counted": money, "customers_listed": _narrowed(behind)})


def _narrowed(behind: Behind | None) -> Query:
    """The list, of those behind a mark where one was chosen."""
    everyone = sql(_PACKAGE, "queries/customers_listed")
    if not behind:
        return everyone
    if beside := sorting_behind(behind).beside:
        return Query("SELECT * FROM everyone JOIN beside USING (CustomerID)", {"everyone": everyone, "beside": beside})
    some = "SELECT * FROM everyone WHERE CustomerID IN (SELECT CustomerID FROM behind)"
    return Query(some, {"everyone": everyone, "behind": behind.ids})
