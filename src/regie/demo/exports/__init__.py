"""Writes figures the way each platform's own export does, one format a module."""
