"""Tests of bronze: how landed files become rows, and which files are refused."""
