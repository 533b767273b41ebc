"""What is known of the world beside any inventory: providers, families, sizes."""
