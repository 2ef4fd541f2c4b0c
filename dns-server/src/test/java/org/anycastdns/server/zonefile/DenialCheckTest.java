package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zonefile.problem.Problem;
import org.junit.jupiter.api.Test;

/// Records that are there to prove what does not exist, and are not used for it, are told; as often
/// as there is such a warning, the zone is served without proofs.
class DenialCheckTest {

    private static final String HEAD =
            """
            $TTL 300
            @ SOA ns hostmaster 1 7200 900 1209600 300
            @ NS ns.other.invalid.
            """;
    private static final String SIGNED =
            HEAD + "@ RRSIG SOA 13 1 300 20900101000000 20260101000000 1 @ AAAA\n";
    private static final String PARAMETERS = "@ NSEC3PARAM 1 0 12 aabbccdd\n";

    /// Of "example", of RFC 5155 appendix A.
    private static final String APEX_HASH = "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom";

    private static final String OTHER_HASH = "2t7b4g4vsa5smi47k61mv5bv1a22bojr";

    private static String nsec3(String hash, String salt) {
        return "%s NSEC3 1 0 12 %s %s A\n".formatted(hash, salt, hash);
    }

    private static List<String> check(Denial denial, String text) {
        ZoneFile file = ZoneFile.read(Name.of("example."), "z", _ -> new Source.Content.Text(text));
        assertEquals(denial, file.zone(0).denial(), text);
        return file.problems().stream()
                .map(Problem::toString)
                .filter(problem -> !problem.contains("12 iterations"))
                .toList();
    }

    @Test
    void aChainThatProvesIsFine() {
        assertEquals(List.of(), check(Denial.NSEC, SIGNED + "@ NSEC @ NS SOA RRSIG NSEC\n"));
        assertEquals(
                List.of(), check(Denial.NSEC3, SIGNED + PARAMETERS + nsec3(APEX_HASH, "aabbccdd")));
        assertEquals(
                List.of(),
                check(
                        Denial.NSEC3,
                        SIGNED
                                + "@ NSEC3PARAM 1 0 12 aa\n"
                                + PARAMETERS
                                + nsec3(APEX_HASH.toUpperCase(java.util.Locale.ROOT), "aabbccdd")));
    }

    @Test
    void aChainOfAZoneWithoutSignaturesIsTold() {
        for (String type : List.of("NSEC", "NSEC3")) {
            String chain = type.equals("NSEC") ? "@ NSEC @ NS SOA\n" : nsec3(APEX_HASH, "aabbccdd");
            assertEquals(
                    List.of(
                            "z:4:1: warning: the zone has "
                                    + type
                                    + " records, but its SOA record has no signature (RRSIG): the zone"
                                    + " is served as an unsigned one; sign it again"),
                    check(Denial.UNSIGNED, HEAD + chain));
        }
    }

    @Test
    void aChainWithoutTheApexIsTold() {
        String end = ": nonexistence cannot be proven, and validation fails; sign the zone again";
        String none =
                "z:5:1: warning: the zone's name example. has no NSEC3 record with these parameters"
                        + end;
        for (String chain : List.of(nsec3(OTHER_HASH, "aabbccdd"), nsec3(APEX_HASH, "aabbcc"))) {
            assertEquals(List.of(none), check(Denial.UNSIGNED, SIGNED + PARAMETERS + chain));
        }
        assertEquals(
                List.of(
                        "z:5:1: warning: the zone has NSEC3 records, but its name example. has no"
                                + " NSEC3PARAM"
                                + end),
                check(Denial.UNSIGNED, SIGNED + nsec3(APEX_HASH, "aabbccdd")));
        assertEquals(
                List.of(
                        "z:5:1: warning: the zone has NSEC records, but its name example. has no NSEC"
                                + end),
                check(Denial.UNSIGNED, SIGNED + "a NSEC @ NSEC\n"));
    }

    @Test
    void iterationsBeyondTheLimitAreToldOnce() {
        assertEquals(
                1,
                check(
                                Denial.UNSIGNED,
                                SIGNED
                                        + "@ NSEC3PARAM 1 0 501 -\n"
                                        + "%s NSEC3 1 0 501 - %s A\n"
                                                .formatted(APEX_HASH, APEX_HASH))
                        .size());
    }
}
