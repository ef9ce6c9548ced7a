"""The rules on single lines."""
