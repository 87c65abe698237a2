"""What a startup says about itself once and uses in every call: facts, people, documents."""
