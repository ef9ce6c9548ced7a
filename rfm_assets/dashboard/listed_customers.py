"""The queries of the list on the page Customers: the chosen segments, narrowed to a selection if a link made one."""

from rfm_assets.dashboard.customer_selection import CustomerSelection
from rfm_assets.dashboard.sorting import Sorting, sorting_of
from rfm_assets.warehouse.query import Query, sql

_PACKAGE = "rfm_assets.dashboard"


def sorting_of_selection(selection: CustomerSelection | None) -> Sorting:
    """The sort orders of the list of a selection."""
    return sorting_of(selection.group if selection else None)


def listed(order: str, selection: CustomerSelection | None = None) -> Query:
    """A page of the list. Ordered by plain columns, so that the first rows are found without sorting all of them."""
    by = sorting_of_selection(selection).orders[order]
    select = f"SELECT * FROM customers_listed ORDER BY {by}, CustomerID LIMIT $rows OFFSET $skipped"
    return Query(select, {"customers_listed": _narrowed(selection)})


def counted(selection: CustomerSelection | None = None) -> Query:
    """The number of customers on the list, and their spend."""
    return sql(_PACKAGE, "queries/customers_counted", customers_listed=_narrowed(selection))


def money_counted(selection: CustomerSelection, money: Query) -> Query:
    """The money that a mark counted for the customers on the list; `money` has it per customer."""
    select = "SELECT coalesce(sum(money), 0) AS money FROM counted SEMI JOIN customers_listed USING (CustomerID)"
    return Query(select, {"counted": money, "customers_listed": _narrowed(selection)})


def _narrowed(selection: CustomerSelection | None) -> Query:
    """The list, narrowed to the selection if there is one."""
    everyone = sql(_PACKAGE, "queries/customers_listed")
    if not selection:
        return everyone
    if beside := sorting_of_selection(selection).beside:
        return Query("SELECT * FROM everyone JOIN beside USING (CustomerID)", {"everyone": everyone, "beside": beside})
    some = "SELECT * FROM everyone WHERE CustomerID IN (SELECT CustomerID FROM selection)"
    return Query(some, {"everyone": everyone, "selection": selection.ids})
