"""The pages, modules with `def page(view: View) -> None` listed in `app.PAGES`, and the parts of pages.

Not named `pages`: Streamlit would take such a folder beside the app for its own multipage app, and on a fresh server
links to a page would be blank until somebody opened the first one.
"""
