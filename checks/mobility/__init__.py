"""The steps of the runbook `mobility`, a file each."""
