"""The sample shop: its files, what they hold, and the command that writes them."""
