"""Tests of the shop file and what it configures."""
