"""What infra and network graphs share: where a graph starts, boxes within boxes, equal things folded."""
