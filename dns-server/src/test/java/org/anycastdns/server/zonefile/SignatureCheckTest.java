package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import org.anycastdns.server.zonefile.problem.Problem;
import org.junit.jupiter.api.Test;

/// Signatures that have expired or soon will are told before validators notice.
class SignatureCheckTest {

    private static final ZoneFile ZONE =
            Texts.read(
                    """
                    @    3600 SOA ns1 hostmaster 1 7200 900 1209600 300
                    @    3600 NS ns1
                    ns1  3600 A 192.0.2.1
                    @    3600 RRSIG SOA 13 2 3600 20261122120000 20261101000000 1 example.com. AAAA
                    @    3600 RRSIG NS 13 2 3600 20261120000000 20261101000000 1 example.com. AAAA
                    ns1  3600 RRSIG A 13 3 3600 20261129120000 20261101000000 1 example.com. AAAA
                    """);

    private static List<String> problems(String now) {
        return ZONE.problems(Instant.parse(now)).stream().map(Problem::toString).toList();
    }

    @Test
    void nothingIsSaidWhileAWeekIsLeft() {
        assertEquals(List.of(), problems("2026-11-13T00:00:00Z"));
    }

    @Test
    void lessThanAWeekIsTooLittle() {
        assertEquals(
                List.of(
                        "t.zone:5:1: warning: 1 signature will expire within 7 days, the first at"
                                + " 2026-11-20T00:00:00Z: sign the zone again"),
                problems("2026-11-13T00:00:01Z"));
    }

    @Test
    void expiredOnesAreCountedAndTheFirstIsShown() {
        assertEquals(
                List.of(
                        "t.zone:5:1: warning: 2 signatures expired, the first at"
                                + " 2026-11-20T00:00:00Z: validators refuse what they sign",
                        "t.zone:6:1: warning: 1 signature will expire within 7 days, the first at"
                                + " 2026-11-29T12:00:00Z: sign the zone again"),
                problems("2026-11-22T12:00:01Z"));
    }

    /// RFC 4034 section 3.1.5: what lies more than 68 years ahead has passed.
    @Test
    void timesAreComparedAsSerialNumbers() {
        ZoneFile zone =
                Texts.read(
                        """
                        @    3600 SOA ns1 hostmaster 1 7200 900 1209600 300
                        @    3600 NS ns1
                        ns1  3600 A 192.0.2.1
                        ns1  3600 RRSIG A 13 3 3600 21060207062816 20900101000000 1 @ AAAA
                        """);
        assertEquals(List.of(), zone.problems(Instant.parse("2100-01-01T00:00:00Z")));
        assertEquals(
                "t.zone:4:1: warning: 1 signature expired, the first at 1970-01-01T00:00:00Z:"
                        + " validators refuse what they sign",
                zone.problems(Instant.parse("2026-01-01T00:00:00Z")).getFirst().toString());
    }

    @Test
    void theZoneKnowsWhenItsFirstSignatureExpires() {
        assertEquals(
                Instant.parse("2026-11-20T00:00:00Z").getEpochSecond(),
                ZONE.zone(0).signatureExpirySeconds());
    }
}
