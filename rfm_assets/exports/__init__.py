"""Exports of a shop's own system, read by a profile and landed as daily files.

Belongs here: profiles and presets, reading of export files, and the SQL that turns their records into daily files. Does
not: the landing zone that those files go to (`landing/`), and whatever reads them from there.
"""
