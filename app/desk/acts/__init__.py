"""What editors do beside declaring: withdrawals, statuses and notes."""
