"""Files of others (Democracy Club, ModernGov, the LGA's schema) made into election bundles and recorded nights."""
