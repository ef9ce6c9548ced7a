"""The versions of the contracts as a whole, and the steps for what is stored, as data.

What a table holds now is in `contracts`; how a warehouse is upgraded, in `warehouse/`.
"""
