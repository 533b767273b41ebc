"""An overview of a call graph of any size: folds with true names, the heaviest lines, and sums that add up.

The steps, each in a file of its own: ``callmap`` (things and who calls whom),
``hubs`` (called by so many that they would glue everything together), ``rules``
(islands, what only calls a hub), ``units`` (declared groups, first words of the
names, trees of heaviest callers), ``louvain`` (units joined, and whether there
is any structure at all), ``folds`` (all of that, within a budget, the last folds
kept), ``naming`` and ``picture`` (the graph that is drawn).
"""
