"""How a table becomes an asset: its inputs, its step, its checks, and which of its days were thinned.

What a table holds is in `contracts`, the rule that makes it in its layer; nothing here knows a particular table.
"""
