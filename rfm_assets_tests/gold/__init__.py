"""Customers as of each day, and their segments."""
