"""What a customer may ask for: erasure, a copy of what is held, and to be left out of campaigns.

Columns that name customers are in the contracts; nothing here lists tables.
"""
