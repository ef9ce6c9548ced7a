"""Gold: each customer as of each day, and the segments that marketing reads."""
