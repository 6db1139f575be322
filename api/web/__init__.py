"""What every answer shares: its language, cache rules, error shape and contract.

Flask lives here and in the endpoints; nothing here knows a single resource.
"""
