"""Beneficiary rules: for whom the campaigns of one shared account work, and who sees them so."""
