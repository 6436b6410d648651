"""The steps of the runbook `xmpp`, a file each."""
