"""Pure tables, decoders and parsers. No I/O; every decoder takes any input and never raises."""
