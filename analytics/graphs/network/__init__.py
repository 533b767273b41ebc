"""The network graph: address space and reachability."""
