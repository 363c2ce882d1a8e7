"""What is known of whom, for which period, since when, from where; nothing is overwritten."""
