"""Outputs of Test-Cs cmdlets as the documents print them."""

XMPP_FAILURE = """\
WARNING: Failed to read Registrar port number for the given fully qualified
domain name (FQDN). Using default Registrar port number. Exception:
System.InvalidOperationException: No matching cluster found in topology.
at
Microsoft.Rtc.Management.SyntheticTransactions.SipSyntheticTransaction.TryRetri
eveRegistrarPortFromTopology(Int32& registrarPortNumber)
Target Fqdn : atl-cs-001.litwareinc.com
Result : Failure
Latency : 00:00:00
Error Message : 10060, A connection attempt failed because the connected party
did not properly respond after a period of time, or
established connection failed because connected host has
failed to respond 10.188.116.96:5061
Inner Exception:A connection attempt failed because the
connected party did not properly respond after a period of
time, or established connection failed because connected host
has failed to respond 10.188.116.96:5061
Diagnosis :
"""
"""The one failure of Test-CsXmppIM that is documented, which is none of XMPP."""
