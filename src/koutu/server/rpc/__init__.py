"""The RPC API's gateway: from bytes to a call whose caller is proved, and back to bytes."""
