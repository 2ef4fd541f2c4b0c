package org.anycastdns.server.zonefile.check;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.RrsigFields;
import org.anycastdns.server.zonefile.problem.Problem;
import org.anycastdns.server.zonefile.problem.SourcePositions;

/// Warns about signatures that have expired or will expire soon. Signatures usually expire
/// together, so each of the two cases is reported once, at the signature that expires first.
public final class SignatureCheck {

    /// Signers renew signatures well before this; with less time left, they have stopped.
    private static final Duration SOON = Duration.ofDays(7);

    private SignatureCheck() {}

    /// Returns at most two warnings, about expired signatures and about those that expire soon.
    public static List<Problem> problems(Records records, SourcePositions positions, Instant now) {
        List<Problem> problems = new ArrayList<>();
        long nowSeconds = now.getEpochSecond();
        long soonSeconds = now.plus(SOON).getEpochSecond();
        tell(
                records,
                positions,
                nowSeconds,
                Long.MIN_VALUE,
                nowSeconds,
                "%s expired, the first at %s: validators refuse what they sign",
                problems);
        tell(
                records,
                positions,
                nowSeconds,
                nowSeconds,
                soonSeconds,
                "%s will expire within 7 days, the first at %s: sign the zone again",
                problems);
        return problems;
    }

    /// Returns the time nearest to a reference time that a 32-bit time can stand for. Validators
    /// compare such times as serial numbers (RFC 4034 section 3.1.5).
    private static long nearest(long seconds, long to) {
        return to + (int) (seconds - to);
    }

    /// Reports the signatures that expire in a time range; the end is exclusive.
    private static void tell(
            Records records,
            SourcePositions positions,
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
                            positions.position(records.place(where)),
                            text.formatted(which, Instant.ofEpochSecond(first))));
        }
    }
}
