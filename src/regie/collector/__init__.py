"""The public endpoints of high volume: redirects and events, in a process of their own."""
