"""One module per engine; each runs in its own environment and answers on its standard output."""
