"""What is wrong with delivered texts, and how a check says it."""
