package org.anycastdns.server.lookup;

import org.anycastdns.server.wire.Rcode;

/// How a lookup ended. For a chain of aliases, the last name of the chain decides (RFC 6604 section
/// 3).
public enum Outcome {
    /// The name, or a wildcard for it, has the record set. For CNAME or ANY below a DNAME, the
    /// record set is the CNAME synthesized from it.
    ANSWER(Rcode.NOERROR),
    /// The name, or a wildcard for it, exists without the type (RFC 2308 section 2.2).
    NODATA(Rcode.NOERROR),
    /// The name does not exist (RFC 2308 section 2.1).
    NXDOMAIN(Rcode.NXDOMAIN),
    /// The name is at or below a zone cut (RFC 1034 section 4.3.2, step 3b).
    REFERRAL(Rcode.NOERROR),
    /// The chain of aliases leads out of the zone; the resolver continues from there.
    OUT_OF_ZONE(Rcode.NOERROR),
    /// The chain of aliases loops, or was cut off at {@link Answer#CHAIN_MAX}.
    LOOP(Rcode.NOERROR),
    /// A DNAME would make the name too long (RFC 6672 section 2.2).
    YXDOMAIN(Rcode.YXDOMAIN);

    private final int rcode;

    Outcome(int rcode) {
        this.rcode = rcode;
    }

    /// Returns the RCODE of the response.
    public int rcode() {
        return rcode;
    }
}
