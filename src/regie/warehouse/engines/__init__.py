"""The engines that Régie knows: one module for each, named as in ``REGIE_ENGINE``."""
