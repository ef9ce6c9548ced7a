"""Tests of customers as of each day, and their segments."""
