"""Who can help: services, family counselling offices and the places they serve."""
