"""The business manager's console: one package, one module for each subject."""
