"""Keys and what they sign: PDFs by the issuing authority (PAdES), claims and status lists by the service (JWS, Ed25519).

Two kinds of key, for two readers. The *document key* is the issuing authority's, with a chain of certificates that PDF
readers know; it is opened by workers alone and may live in a file, a token or another machine. The *credential keys* are
a ring of ours; what they sign is short enough for a printed code and is checked with a published key set.
"""
