"""Tests of the parts every table has: its step and its checks."""
