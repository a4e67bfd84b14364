"""Many films: what goes in, who works on it, what is already done, and the report that comes out."""
