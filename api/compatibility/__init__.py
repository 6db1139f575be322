"""What a new description of the API breaks for who relied on the old one.

One rule for each kind of break, in tables: `operations` has those of operations,
parameters, bodies and answers, `schemas` those of what is sent in them. `releases` is
the gate: the committed description against the last one released. Pure functions on
plain data; only `releases` and the command read files. Standard library only.
"""

from api.compatibility.findings import Finding
from api.compatibility.operations import compare

__all__ = ["Finding", "compare"]
