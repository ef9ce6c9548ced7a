"""Tests of what every table has: its step and its checks."""
