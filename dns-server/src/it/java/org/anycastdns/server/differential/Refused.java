package org.anycastdns.server.differential;

import java.util.List;
import java.util.regex.Pattern;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// Mistakes in zone files that this server refuses while both NSD and Knot accept them, with the
/// reasons.
enum Refused {
    /// There is no TTL before the record and no SOA to take one from. BIND refuses it too; Knot and
    /// NSD use 3600 (RFC 2308 section 4).
    NO_TTL("there is no TTL"),
    /// A zone needs at least one NS record at its apex (RFC 1034 section 4.2.1). BIND refuses it
    /// too.
    NO_NS("there is no NS record for the zone"),
    /// A digest or fingerprint of a known type has a fixed length (RFC 4509 section 2.1, RFC 6594
    /// section 4.1). BIND refuses other lengths too.
    DIGEST_LENGTH("(?i)(\\bDS|SSHFP|TLSA)\\b.*(bytes|octets|length)"),
    /// The hash of an NSEC3 record has 1 to 255 octets (RFC 5155 section 3.2).
    NO_HASH("NSEC3.*hash"),
    /// The value of a named parameter is also checked if the parameter is given by number (RFC 9460
    /// section 2.2).
    SERVICE_PARAMETER("(SVCB|HTTPS) parameters: the value of");

    private final Pattern text;

    Refused(String text) {
        this.text = Pattern.compile(text);
    }

    /// Returns the reason why a zone with these errors is refused, or null if one of them has none.
    static @Nullable Refused explain(List<Problem> errors) {
        Refused reason = null;
        for (Problem error : errors) {
            reason = null;
            for (Refused each : values()) {
                reason = each.text.matcher(error.text()).find() ? each : reason;
            }
            if (reason == null) {
                return null;
            }
        }
        return reason;
    }
}
