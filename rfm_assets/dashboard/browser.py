"""What the browser does beyond what Streamlit has it do."""

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

PICTURES = f"<script>{Path(__file__).with_name('picture.js').read_text(encoding='utf-8')}</script>"
"""Saves figures as pictures, and copies the page's link."""
