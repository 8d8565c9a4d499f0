"""The contract: what the API promises, as data and as a typed view of it.

`actions.toml` and `errors.toml` are the tables; `ACTIONS` and `ERRORS` are what they say. Nothing else in the project lists
actions, parameters, limits, return forms or error codes a second time.
"""

from koutu.contract.table import ACTIONS, ERRORS, PRODUCT, RESULT_LINK_SECONDS, VERSION
from koutu.contract.types import Action, ErrorEntry, Form, Limits, Parameter, ResultShape

__all__ = [
    "ACTIONS",
    "ERRORS",
    "PRODUCT",
    "RESULT_LINK_SECONDS",
    "VERSION",
    "Action",
    "ErrorEntry",
    "Form",
    "Limits",
    "Parameter",
    "ResultShape",
]
