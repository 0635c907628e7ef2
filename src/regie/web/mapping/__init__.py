"""The page on which a person says what the columns of an unknown table are."""
