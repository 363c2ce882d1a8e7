"""Tags of forms that write."""
