"""What the browser does beyond what Streamlit has it do."""

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
