"""Quality: what was wrong with each delivered day, counted."""
