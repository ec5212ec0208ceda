"""For the instructor: marking a class, in nbgrader and beside it. No student imports it."""
