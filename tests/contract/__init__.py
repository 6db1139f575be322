"""The contract, held against what others make of it: see CONTRIBUTING, Tests."""
