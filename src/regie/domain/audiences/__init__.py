"""Lists of people for targeting: how an address becomes the digest that a platform looks for."""
