"""What calls cost: price books, packages, payments, charges, usage and invoices. Free of HTTP; money is `Decimal` throughout.

- book: a price book, prices as data, read from TOML
- rules: the pure rules, which tier, which package, how much
- charging: the rules applied to a metered call, in its own transaction
- books: which price book counts from when
- packages: packages of points, bought, listed, voided
- payments: payments, refunds, voids, balance and arrears
- usage: calls per account, month and action
- invoice: a month's bill of an account
"""
