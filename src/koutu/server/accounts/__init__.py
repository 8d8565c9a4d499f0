"""Who may call, and what was called: accounts, access keys and the ledger of successful calls."""
