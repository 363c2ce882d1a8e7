"""Pure calculators of law and arithmetic; they share nothing."""
