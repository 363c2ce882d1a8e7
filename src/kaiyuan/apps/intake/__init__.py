"""Files from outside: uploaded, understood, previewed, read in, and undone if they were wrong."""
