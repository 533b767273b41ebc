"""What tests and benches start beside the service: a deployment, neighbours, faults."""
