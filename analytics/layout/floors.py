def lay_floors(tree, net, entries, effort, measures):
    return None
