"""Members of a zone and keys for machines: the acts on people, each with its event in the journal."""
