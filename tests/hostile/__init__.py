"""Submissions that mean harm, or look as if they did, each with the mark that it deserves.

Every case begins as the same honest, half-done work on one unit: some questions right, the others
not answered. What a case is not allowed to gain would show as points for the unanswered ones, what
it is not allowed to break as points lost for the answered ones.
"""
