package org.anycastdns.server.zonefile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Records;
import org.anycastdns.server.zone.RrsigFields;

/// Looks for signatures whose time is over or nearly so. They usually end together, so each kind is
/// told once, at the signature that ends first.
final class SignatureCheck {

    /// Signers renew well before this: with less left, they have stopped doing so.
    private static final Duration SOON = Duration.ofDays(7);

    private SignatureCheck() {}

    static List<Problem> problems(Records records, Places places, Instant now) {
        List<Problem> problems = new ArrayList<>();
        long nowSeconds = now.getEpochSecond();
        long soonSeconds = now.plus(SOON).getEpochSecond();
        tell(
                records,
                places,
                nowSeconds,
                Long.MIN_VALUE,
                nowSeconds,
                "%s expired, the first at %s: validators refuse what they sign",
                problems);
        tell(
                records,
                places,
                nowSeconds,
                nowSeconds,
                soonSeconds,
                "%s will expire within 7 days, the first at %s: sign the zone again",
                problems);
        return problems;
    }

    /// The moment nearest to another that a time of 32 bits stands for: validators compare them as
    /// serial numbers (RFC 4034 section 3.1.5).
    private static long nearest(long seconds, long to) {
        return to + (int) (seconds - to);
    }

    /// Tells of the signatures that expire from one time on until before another.
    private static void tell(
            Records records,
            Places places,
            long nowSeconds,
            long from,
            long until,
            String text,
            List<Problem> problems) {
        int[] signatures = records.all(RecordType.RRSIG);
        long count = 0;
        long first = until;
        int where = -1;
        for (int i = 0; i < signatures.length; i++) {
            int record = signatures[i];
            byte[] octets = records.octets(record);
            long expiry =
                    nearest(
                            RrsigFields.expirySeconds(octets, records.rdataOffset(record)),
                            nowSeconds);
            if (expiry < from || expiry >= until) {
                continue;
            }
            count++;
            if (expiry < first) {
                first = expiry;
                where = record;
            }
        }
        if (where >= 0) {
            String which = count == 1 ? "1 signature" : count + " signatures";
            problems.add(
                    Problem.warning(
                            places.position(records.place(where)),
                            text.formatted(which, Instant.ofEpochSecond(first))));
        }
    }
}
