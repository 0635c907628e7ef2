"""Links, codes and sites as pages show them."""
