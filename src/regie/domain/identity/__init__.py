"""Who is the same person: evidence between identifiers, guards, people.

A link is evidence and can be cut; a person is only what the evidence says today. Nothing here is
merged for ever: take a link away, solve again, and every figure is as before.
"""
