package org.anycastdns.server.wire;

/// CLASSes as 16-bit numbers (RFC 1035 section 3.2.4).
public final class RecordClass {

    public static final int IN = 1;
    public static final int CH = 3;
    public static final int NONE = 254;
    public static final int ANY = 255;

    private RecordClass() {}
}
