"""Everything that fits networks and tables. The installed tool never needs it to read a film."""
