"""The desk without a network: pages that a browser keeps, by a service worker that has the desk and nothing else."""
