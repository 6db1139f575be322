"""What the service knows, free of Flask, marshmallow, YAML, files and the clock.

Everything here is plain data and pure functions; only the standard library may be
imported. `tests/test_architecture.py` holds this package to that rule.
"""
