"""The enterprise file: who the firm is, what is known of it, what it is entitled to and why."""
