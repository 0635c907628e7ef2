"""The planner's pages: a form in both directions, what-if, and the plan beside what happened."""
