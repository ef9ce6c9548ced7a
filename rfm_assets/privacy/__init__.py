"""Where customers' ids may appear: hashed ids, erased customers, and suppressed customers.

Erasing a customer from stored data is in `erasure`.
"""
