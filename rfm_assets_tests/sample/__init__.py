"""Tests of the sample shop: its files, their contents, and the command that writes them."""
