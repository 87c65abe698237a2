"""Making sample challenges through the services of the features, and taking them away."""
