"""The zone's site: settings, addresses, the look. It decides nothing."""
