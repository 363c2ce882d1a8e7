"""The outbox: what the journal records is told to those outside who subscribed, at least once and in order.

The journal itself is the queue. Nothing is sent inside a transaction that writes; a sender that dies is taken over.
"""
