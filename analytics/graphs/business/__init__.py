"""The business graph: applications and all they depend on."""
