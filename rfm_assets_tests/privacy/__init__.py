"""Tests of who is left out of campaigns."""
