"""The dashboard: what marketing reads, in Streamlit, over the published copy and nothing else.

`make dashboard` (or `rfm dashboard`) opens it on http://127.0.0.1:8501. Streamlit is imported here and nowhere else.

| module | what |
| --- | --- |
| `app.py` | the shell that Streamlit runs: pages, the as-of date, the segment filter, errors as pages |
| `screens/<name>.py` | a page, `def page(view: View) -> None`, registered in `app.PAGES`, or a part of one |
| `queries/<name>.sql` | what a page reads: one SELECT with bound `$parameters` |
| `view.py` | `View`: what the reader chose, handed to every page |
| `published_copy.py` | `PublishedCopy`: opens the published file, runs queries, remembers their results |
| `figures/<name>.py` | what a page draws: pure functions from rows to an ECharts option, bars or a graph |
| `picture.js` | makes pictures of figures in the browser, of whatever stands in a figure's container |

Every other module is a part that pages share; its first line says which.

A page gets a `View`:

- `view.copy.frame("segments", as_of=view.as_of)` runs `queries/segments.sql` with `$as_of` bound and returns a
  pandas frame, DECIMAL as float; `view.copy.rows(...)` returns dictionaries with exact decimals and dates. A list
  binds to a list: `WHERE list_contains($segments, segment)`. Results are cached for all sessions until a new copy
  is published.
- `view.copy.has("ml.customer_clusters")` tells whether a table was published. A query on a table that was not
  raises `NothingToShowError`, which the shell shows as a page with the way out; a page need not catch it.
- `view.as_of`, the day the reader looks at; `view.days`, every day there is, oldest first; `view.last_day`;
  `view.ago(7)`, the newest day there is at least 7 days before `as_of`, or None.
- `view.customer_days`, the days whose customers are stored: the job `thin_snapshots` deletes those of old days, while
  thresholds, summaries and migrations stay. A page registered with `customers=True` is not opened on another day; any
  other says with `thinned(day)` what it cannot show.
- `view.compare_to`, the earlier date to compare with, or None; only on pages registered with `compares=True`.
- `view.segments`, the chosen segments, all twelve where none is chosen; `view.all_segments`. The filter is only shown
  on pages registered with `segments=True`.

The shell has drawn the title, the dates and the filter before it calls the page. Whatever else a page lets the
reader choose lives in widgets with a `key` that begins with the page's name; one that changes a number stands in the
address (`address.choice`, or `bind="query-params"` after `address.say_what_is_unknown`). Queries aggregate in SQL and
filter on the day, so that a page stays quick with a million customers. Charts go through `charts.show(figure,
key=..., alt=...)`; texts go through `format`.

Tests: `rfm_assets_tests/dashboard/shop.py` has `open_page("growth", as_of="2025-07-01")`, an AppTest over a small
sample shop that the fixture `published` points the dashboard at; `test_shell.py` opens every registered page on
missing, empty, broken, partial and whole data, `test_thinned.py` on thinned data.
"""
