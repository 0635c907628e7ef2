"""One file for each kind of asset that can be shared; a new one is found by looking."""
