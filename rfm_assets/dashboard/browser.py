"""What the browser does beyond what Streamlit has it do."""

SCRIPT = """<script>
if (!window.rfmMenu) {
  window.rfmMenu = true
  const close = () => document.querySelector('[data-testid=stSidebarCollapseButton] button')?.click()
  addEventListener('click', ({target}) => {
    if (target.closest?.('[data-testid=stSidebarNavLink]')) setTimeout(close, 100)
  }, true)
  const hide = () => {
    for (const chart of document.querySelectorAll('[data-testid=stMetricChart]:not([aria-hidden])'))
      chart.setAttribute('aria-hidden', 'true')
  }
  new MutationObserver(hide).observe(document.body, {childList: true, subtree: true})
}
</script>"""
"""Closes the menu of a narrow screen after a choice; hides sparklines, whose parts have no names, from screen readers.

Each sparkline only repeats how the number of its card went; the card itself says the number and the one before.
"""
