"""A customer's rights: erasure from everything, and a copy of what is held.

The contracts say which columns name customers; nothing here lists tables. Suppression from published lists and hashing
of ids are in `privacy`.
"""
