"""What a customer may ask for: to be erased everywhere, and a copy of what is held.

Columns that name customers are in the contracts; nothing here lists tables. Who is left out of what is published, and
how an id is hashed, is in `privacy`.
"""
