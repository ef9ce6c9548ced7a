"""One module a page, each with `def page(view: View) -> None`; `app.PAGES` lists them."""
