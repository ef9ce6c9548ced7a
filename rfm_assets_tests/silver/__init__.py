"""Tests of the rules on single lines."""
