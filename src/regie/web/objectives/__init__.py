"""Objectives on the pages: the form that sets one, and the words of where it stands."""
