"""Scripts that add to what Streamlit does in the browser."""

from pathlib import Path

SCRIPT = """<script>
if (!window.rfmMenu) {
  window.rfmMenu = true
  const close = () => document.querySelector('[data-testid=stSidebarCollapseButton] button')?.click()
  addEventListener('click', ({target}) => {
    if (target.closest?.('[data-testid=stSidebarNavLink]')) setTimeout(close, 100)
  }, true)
}
</script>"""
"""Closes the menu of a narrow screen after a choice."""

IN_PLACE = """<script>
if (!window.rfmInPlace) {
  window.rfmInPlace = true
  addEventListener('click', event => {
    const link = event.target.closest?.('a[href^="?"][href*="opened="]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    history.pushState({}, '', link.href)
    dispatchEvent(new PopStateEvent('popstate', {state: {}}))
  })
}
</script>"""
"""Opens a customer of a list without reloading the page: the list keeps its scroll position."""

PICTURES = f"<script>{Path(__file__).with_name('picture.js').read_text(encoding='utf-8')}</script>"
"""Saves figures as pictures, and copies the page's link."""
