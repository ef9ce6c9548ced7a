"""Whose id may be where: hashed ids, customers who were erased, and those who are left out of campaigns.

How a customer is erased from what is stored is in `erasure`.
"""
