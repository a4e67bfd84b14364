"""Films changed on purpose: what each change is, how the answers move under it, and the report of it."""
