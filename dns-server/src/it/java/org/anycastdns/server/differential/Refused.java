package org.anycastdns.server.differential;

import java.util.List;
import java.util.regex.Pattern;
import org.anycastdns.server.zonefile.Problem;
import org.jspecify.annotations.Nullable;

/// Mistakes in zone files that ours refuses and both NSD and Knot accept, each with the reason why.
enum Refused {
    /// No TTL anywhere before the record and no SOA to take one from; BIND refuses it too, Knot and
    /// NSD take 3600 (RFC 2308 section 4).
    NO_TTL("there is no TTL"),
    /// A zone has at least one NS record at its name (RFC 1034 section 4.2.1); BIND refuses it too.
    NO_NS("there is no NS record for the zone"),
    /// The digest or fingerprint of a known kind has its length (RFC 4509 section 2.1, RFC 6594
    /// section 4.1); BIND refuses another one too.
    DIGEST_LENGTH("(?i)(\\bDS|SSHFP|TLSA)\\b.*(bytes|octets|length)"),
    /// The hash of an NSEC3 record has 1 to 255 octets (RFC 5155 section 3.2).
    NO_HASH("NSEC3.*hash"),
    /// The value of a parameter that has a name is checked under its number too (RFC 9460 section
    /// 2.2).
    SERVICE_PARAMETER("(SVCB|HTTPS) parameters: the value of");

    private final Pattern text;

    Refused(String text) {
        this.text = Pattern.compile(text);
    }

    /// The reason why a zone with these errors is refused, or null when one of them has none.
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
