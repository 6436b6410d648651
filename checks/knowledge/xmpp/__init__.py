"""What standards and Microsoft's documents say of server-to-server XMPP: tables and rules, no I/O."""
