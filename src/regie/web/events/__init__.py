"""Events on the pages: the form that notes one, and how they are said beside a chart."""
