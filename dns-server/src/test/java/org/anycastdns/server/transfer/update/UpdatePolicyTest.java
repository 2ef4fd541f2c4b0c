package org.anycastdns.server.transfer.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Case 110: who may change what.
class UpdatePolicyTest {

    private static final Name DYN = Name.of("dyn.");

    private static UpdateRule rule(List<String> names, List<String> types) {
        return UpdateRule.of(DYN, names, types);
    }

    private static UpdatedZone zone(UpdateRule... rules) {
        ZoneUpdates updates =
                new ZoneUpdates(
                        new UpdatePolicy(List.of(rules)),
                        SerialPolicy.INCREMENT,
                        UpdateLimits.DEFAULT);
        return new UpdatedZone("www.example. 300 A 192.0.2.1", "a.dyn.example. 300 TXT x")
                .with(updates);
    }

    private static UpdateResult send(UpdatedZone zone, @Nullable Name key, String... lines) {
        byte[] message = UpdateMessages.message(UpdatedZone.APEX, lines).toWire(65_535);
        return zone.on(UpdateMessages.request(message), key);
    }

    private static void permitted(UpdatedZone zone, String... lines) {
        UpdateResult result = send(zone, DYN, lines);
        assertFalse(result instanceof UpdateResult.Rejected, result::toString);
    }

    private static String refused(UpdatedZone zone, @Nullable Name key, String... lines) {
        return UpdatedZone.rejected(Rcode.REFUSED, send(zone, key, lines));
    }

    @Test
    void namesAreExactOrBelow() {
        UpdatedZone zone = zone(rule(List.of("*.dyn.example", "www.example."), List.of()));
        permitted(zone, "add b.dyn.example. 60 A 192.0.2.9");
        permitted(zone, "add c.b.DYN.example. 60 A 192.0.2.9");
        permitted(zone, "add *.dyn.example. 60 A 192.0.2.9");
        permitted(zone, "delete www.example. A");
        assertEquals(
                "key dyn. may not change dyn.example.",
                refused(zone, DYN, "add dyn.example. 60 A 192.0.2.9"));
        refused(zone, DYN, "add a.www.example. 60 A 192.0.2.9");
        refused(zone, DYN, "add notdyn.example. 60 A 192.0.2.9");
        refused(zone, DYN, "add example. 60 A 192.0.2.9");
    }

    @Test
    void theWildcardItselfIsWrittenWithABackslash() {
        UpdatedZone zone = zone(rule(List.of("\\*.dyn.example"), List.of("A")));
        permitted(zone, "add *.dyn.example. 60 A 192.0.2.9");
        refused(zone, DYN, "add b.dyn.example. 60 A 192.0.2.9");
        assertEquals("*.dyn.example.", NamePattern.of("*.dyn.example").toString());
    }

    @Test
    void typesAreThoseOfTheRule() {
        UpdatedZone zone = zone(rule(List.of("*.example"), List.of("A", "AAAA", "TYPE65534")));
        permitted(zone, "add b.example. 60 A 192.0.2.9", "delete b.example. AAAA");
        permitted(zone, "add b.example. 60 TYPE65534 \\# 1 00");
        assertEquals(
                "key dyn. may not change b.example. TXT",
                refused(zone, DYN, "add b.example. 60 TXT x"));
        refused(zone, DYN, "delete b.example. TXT x");
    }

    @Test
    void withoutTypesNsAndSoaAreLeftOut() {
        UpdatedZone zone = zone(rule(List.of(), List.of()));
        permitted(zone, "add b.example. 60 MX 1 mx.example.", "add example. 60 A 192.0.2.9");
        String soa = "add example. 60 SOA ns.example. admin.example. 9 1 2 3 4";
        refused(zone, DYN, "add b.example. 60 NS ns.example.");
        refused(zone, DYN, soa);
        permitted(zone(rule(List.of(), List.of("ANY"))), "add b.example. 60 NS n.example.", soa);
    }

    /// Deleting a name needs the permission for every type that is there.
    @Test
    void aNameIsDeletedByWhoMayDeleteWhatIsThere() {
        UpdatedZone zone = zone(rule(List.of("*.example", "example"), List.of("A", "AAAA")));
        permitted(zone, "delete none.example.");
        permitted(zone, "delete www.example.");
        assertTrue(refused(zone, DYN, "delete a.dyn.example.").contains("TXT"));
        // NS and SOA stay in any case.
        permitted(zone, "delete example.");
        refused(zone(rule(List.of("*.dyn.example"), List.of())), DYN, "delete www.example.");
    }

    /// Two rules of one key: one of them must permit name and type together.
    @Test
    void oneRulePermitsNameAndType() {
        UpdatedZone zone =
                zone(
                        rule(List.of("a.example"), List.of("A")),
                        rule(List.of("b.example"), List.of("TXT")));
        permitted(zone, "add a.example. 60 A 192.0.2.9", "add b.example. 60 TXT x");
        refused(zone, DYN, "add a.example. 60 TXT x");
    }

    @Test
    void otherKeysAndUnsignedRequestsLearnNothing() {
        UpdatedZone zone = zone(rule(List.of("*.dyn.example"), List.of()));
        for (String line : List.of("yxdomain www.example.", "yxdomain none.example.")) {
            assertTrue(refused(zone, Name.of("other."), line).contains("other."));
            assertTrue(refused(zone, null, line).contains("not signed"));
            // Not permitted, so the prerequisite is not told.
            refused(zone, DYN, line, "add www.example. 60 A 192.0.2.9");
        }
        assertTrue(refused(zone(), DYN).contains("may not change the zone"));
        UpdatedZone.rejected(Rcode.NXDOMAIN, send(zone, DYN, "yxdomain none.example."));
        assertInstanceOf(
                UpdateResult.Unchanged.class, send(zone, Name.of("DYN."), "yxdomain www.example."));
    }

    /// What has the wrong form is told so, not refused.
    @Test
    void thePrescanComesLater() {
        UpdatedZone zone = zone(rule(List.of("*.dyn.example"), List.of()));
        UpdatedZone.rejected(Rcode.NOTZONE, send(zone, DYN, "add www.test. 60 A 192.0.2.9"));
        UpdatedZone.rejected(
                Rcode.NXDOMAIN,
                send(zone, DYN, "yxdomain none.example.", "add www.test. 60 A 192.0.2.9"));
    }

    private static void assertWrong(String part, List<String> names, List<String> types) {
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> rule(names, types));
        assertTrue(wrong.toString().contains(part), wrong::toString);
    }

    @Test
    void rulesThatMeanNothingAreWrong() {
        assertWrong("'APPLE' is no record type", List.of(), List.of("APPLE"));
        assertWrong("cannot change records of the type RRSIG", List.of(), List.of("RRSIG"));
        assertWrong("cannot change records of the type AXFR", List.of(), List.of("AXFR"));
        assertWrong("empty label", List.of("a..example"), List.of());
        assertWrong("empty label", List.of("*..example"), List.of());
    }
}
