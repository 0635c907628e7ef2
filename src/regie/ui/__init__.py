"""Shared components: how figures, charts, tables and forms look. No models, no business rules."""
