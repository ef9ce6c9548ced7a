"""What delivered texts look like that fail a rule: the kind of each, the way out, and the commonest ones in a check."""
