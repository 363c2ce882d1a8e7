"""Everything that people and rules did, in one chain that shows any change; and the outbox that tells others."""
