"""What one enterprise is entitled to and why, as pages and endpoints show it."""
