"""What may be done with an asset: permissions, roles that bundle them, and their partial order."""
