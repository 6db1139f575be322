"""Both doors: what an editor writes (…File) and what a client reads (…Response).

Schemas know marshmallow and the domain, never Flask, YAML files or the loader.
"""
