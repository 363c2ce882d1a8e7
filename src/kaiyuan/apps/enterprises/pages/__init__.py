"""Pages of enterprises, rules and runs: read the address, one call, show."""
