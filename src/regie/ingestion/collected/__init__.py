"""Events that the collector has written to its journals, on their way to the warehouse."""
