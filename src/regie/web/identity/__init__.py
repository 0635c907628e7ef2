"""Pages about the people that are recognised: who is who, what they ask, what they agreed to."""
