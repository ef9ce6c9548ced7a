"""How long a snapshot of every customer is kept for every day, and the job that deletes the others when it is launched.

Nothing here runs on the side of a refresh. What a snapshot holds is the layers' business.
"""
