"""Whether segments and scores predict: what each said at a month's end, against what customers then did."""
