"""Rules about visits: where they come from, by what they are counted, what is set aside."""
