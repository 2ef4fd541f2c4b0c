package org.anycastdns.server.transfer.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.junit.jupiter.api.Test;

/// Sequences of updates that other servers have had trouble with.
class UpdateScriptsTest {

    private static UpdatedZone zone() {
        return new UpdatedZone(
                "Host.example. 300 A 192.0.2.1",
                "host.example. 300 MX 10 Mail.example.",
                "host.example. 300 MX 20 mail.example.",
                "a.b.c.example. 300 A 192.0.2.1",
                "*.wild.example. 300 TXT w",
                "deleg.example. 3600 NS ns.deleg.example.",
                "ns.deleg.example. 3600 A 192.0.2.7");
    }

    @Test
    void theSpellingOfANameStays() {
        UpdatedZone zone = zone().changes("add HOST.EXAMPLE. 300 A 192.0.2.2");
        zone.content()
                .records(Name.of("host.example."))
                .forEach(record -> {
                    boolean isFirst = record.owner().toString().equals("Host.example.");
                    boolean isAsGiven = record.owner().toString().equals("host.example.");
                    assertEquals(true, isFirst || isAsGiven, record::toString);
                });
        // The new name has the spelling of its first record.
        zone.changes("add New.example. 300 A 192.0.2.2").changes("add nEW.example. 300 TXT x");
        zone.content()
                .records(Name.of("new.example."))
                .forEach(record -> assertEquals("New.example.", record.owner().toString()));
    }

    /// Another spelling alone is no change, so it brings no new serial.
    @Test
    void theSpellingInRdataStaysUnlessTheTtlChanges() {
        String[] upper = {"delete host.example. MX", "add host.example. 300 MX 10 MAIL.example."};
        UpdatedZone zone = zone().keeps(upper[1]);
        zone.changes(upper).has("host.example.", "300 A 192.0.2.1", "300 MX 10 Mail.example.");
        zone.changes("add host.example. 60 MX 10 MAIL.example.")
                .has("host.example.", "300 A 192.0.2.1", "60 MX 10 MAIL.example.");
        zone.changes("delete host.example. MX 10 mail.EXAMPLE.")
                .has("host.example.", "300 A 192.0.2.1");
    }

    @Test
    void theCaseOfTextCounts() {
        zone().keeps("delete *.wild.example. TXT W").changes("delete *.wild.example. TXT w");
        zone().changes("add *.wild.example. 300 TXT W")
                .has("*.wild.example.", "300 TXT W", "300 TXT w");
    }

    @Test
    void theAsteriskIsANameLikeOthers() {
        zone().changes("add *.wild.example. 300 A 192.0.2.9")
                .has("*.wild.example.", "300 A 192.0.2.9", "300 TXT w");
        // It is not expanded.
        zone().keeps("nxdomain a.wild.example.").keeps("delete a.wild.example.");
        zone().changes("delete *.wild.example.").has("*.wild.example.");
    }

    @Test
    void namesInBetweenComeAndGo() {
        zone().changes("add b.c.example. 300 A 192.0.2.2")
                .has("a.b.c.example.", "300 A 192.0.2.1")
                .changes("delete b.c.example.")
                .has("b.c.example.")
                .has("a.b.c.example.", "300 A 192.0.2.1")
                .changes("delete a.b.c.example.")
                .keeps("nxdomain a.b.c.example.", "nxdomain b.c.example.", "nxdomain c.example.");
        // Deleting an empty non-terminal deletes nothing below it.
        zone().keeps("delete b.c.example.").has("a.b.c.example.", "300 A 192.0.2.1");
    }

    @Test
    void delegationsAndGlue() {
        zone().changes(
                        "add deleg.example. 3600 NS ns2.deleg.example.",
                        "add ns2.deleg.example. 3600 A 192.0.2.8")
                .has("deleg.example.", "3600 NS ns.deleg.example.", "3600 NS ns2.deleg.example.")
                .has("ns2.deleg.example.", "3600 A 192.0.2.8");
        String ds = "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118";
        zone().changes("add deleg.example. 3600 DS " + ds)
                .changes("delete deleg.example. DS " + ds)
                .changes("delete deleg.example. NS")
                .has("deleg.example.")
                .has("ns.deleg.example.", "3600 A 192.0.2.7");
    }

    @Test
    void mxRecordsDifferByPreference() {
        zone().changes("add host.example. 300 MX 30 mail.example.")
                .changes("delete host.example. MX 20 mail.example.")
                .has(
                        "host.example.",
                        "300 A 192.0.2.1",
                        "300 MX 10 Mail.example.",
                        "300 MX 30 mail.example.");
    }

    @Test
    void hostsAndCnamesReplaceEachOther() {
        zone().changes("delete host.example.", "add host.example. 60 CNAME other.example.")
                .changes("add host.example. 60 CNAME another.example.")
                .has("host.example.", "60 CNAME another.example.")
                .changes("delete host.example. CNAME", "add host.example. 60 A 192.0.2.1")
                .has("host.example.", "60 A 192.0.2.1");
    }

    @Test
    void unknownTypesAndEmptyRdata() {
        zone().changes("add u.example. 60 TYPE65280 \\# 0", "add u.example. 60 TYPE65280 \\# 1 ff")
                .changes("delete u.example. TYPE65280 \\# 0")
                .has("u.example.", "60 TYPE65280 \\# 1 ff")
                .rejects(Rcode.NXRRSET, "yxrrset u.example. TYPE65280 \\# 0");
    }

    @Test
    void recordsOfOneSetWithDifferentTtlsAreNotTouchedByADelete() {
        UpdatedZone zone =
                new UpdatedZone(
                        "t.example. 1 A 192.0.2.1",
                        "t.example. 2 A 192.0.2.2",
                        "t.example. 3 A 192.0.2.3");
        zone.changes("delete t.example. A 192.0.2.2")
                .has("t.example.", "1 A 192.0.2.1", "3 A 192.0.2.3")
                .changes("add t.example. 3 A 192.0.2.3")
                .has("t.example.", "3 A 192.0.2.1", "3 A 192.0.2.3");
    }
}
