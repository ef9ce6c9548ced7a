"""The dashboard for marketing, in Streamlit. Reads the published copy only.

`make dashboard` (or `rfm dashboard`) opens it on http://127.0.0.1:8501. Streamlit is imported only in this package.

| module | what |
| --- | --- |
| `app.py` | the shell that Streamlit runs: pages, the as-of date, the segment filter, errors as pages |
| `screens/<name>.py` | a page, `def page(view: View) -> None`, registered in `app.PAGES`, or a part of one |
| `queries/<name>.sql` | what a page reads: one SELECT with bound `$parameters` |
| `view.py` | `View`: what the reader chose, passed to every page |
| `published_copy.py` | `PublishedCopy`: opens the published file, runs queries, caches results |
| `figures/<name>.py` | what a page draws: pure functions from rows to an ECharts option, bars or a graph |
| `picture.js` | saves figures as pictures in the browser, from whatever is in the figure's container |

Every other module is shared by pages; its first line says what it does.

A page gets a `View`:

- `view.copy.frame("segments", as_of=view.as_of)` runs `queries/segments.sql` with `$as_of` bound and returns a
  pandas frame, DECIMAL as float; `view.copy.rows(...)` returns dictionaries with exact decimals and dates. A list
  binds to a list: `WHERE list_contains($segments, segment)`. Results are cached for all sessions until a new copy
  is published.
- `view.copy.has("ml.customer_clusters")` tells whether a table was published. A query on a table that was not
  raises `NothingToShowError`, which the shell shows as a page with the way out; a page need not catch it.
- `view.as_of`, the selected day; `view.days`, every published day, oldest first; `view.last_day`;
  `view.ago(7)`, the newest published day at least 7 days before `as_of`, or None.
- `view.customer_days`, the days whose customers are stored: the job `thin_snapshots` deletes those of old days, while
  thresholds, summaries and movements stay. A page registered with `customers=True` is not opened on a thinned day; any
  other page says with `thinned(day)` what it cannot show.
- `view.compare_to`, the earlier date to compare with, or None; only on pages registered with `compares=True`.
- `view.segments`, the chosen segments, all twelve if none is chosen; `view.all_segments`. The filter is shown only on
  pages registered with `segments=True`.

The shell draws the title, the dates and the filter before it calls the page. A page's own choices are widgets with a
`key` that starts with the page's name; a choice that changes a number is part of the URL (`address.choice`, or
`bind="query-params"` after `address.say_what_is_unknown`). Queries aggregate in SQL and
filter on the day, so that a page stays quick with a million customers. Charts go through `charts.show(figure,
key=..., alt=...)`; texts go through `format`.

Tests: `rfm_assets_tests/dashboard/shop.py` has `open_page("growth", as_of="2025-07-01")`, an AppTest over the small
sample shop of the fixture `published`; `test_shell.py` opens every registered page on missing, empty, broken, partial
and complete data, `test_thinned.py` on thinned data.
"""
