"""One module per resource. A view is a contract and one domain call."""
