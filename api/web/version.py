"""The version of the API; the content and the rule set have versions of their own."""

API_VERSION = "1.0.0"
