"""What a shop's own system exports, read by a profile and landed as daily files.

Here: profiles and presets, how export files are read, and the SQL that turns their records into daily files. Not here:
the landing zone those files go to (`landing/`), and whatever reads them from there.
"""
