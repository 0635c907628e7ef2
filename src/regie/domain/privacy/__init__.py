"""A person's right to be told, corrected and forgotten: what names him, wherever it is written."""
