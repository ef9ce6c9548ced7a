"""The pages: modules with `def page(view: View) -> None`, listed in `app.PAGES`, and their parts beside them.

Not named `pages`: Streamlit takes a folder of that name beside the app for pages of its own, and on a fresh server a
link to a page is then blank until somebody has opened the first one.
"""
