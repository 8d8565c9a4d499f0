"""How good the actions are on the validation split: one file per action, one table."""
