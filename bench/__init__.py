"""Benchmarks: each compares with a baseline in the same run, since only ratios outlive a machine."""
