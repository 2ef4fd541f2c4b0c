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

    /// A set is compared as a whole: neither fewer nor more records will do (nxrrset-full).
    @Test
    void aPrerequisiteNamesTheWholeSet() {
        String one = "yxrrset host.example. MX 10 mail.example.";
        String two = "yxrrset host.example. MX 20 mail.example.";
        zone().rejects(Rcode.NXRRSET, one, "delete host.example. MX");
        zone().rejects(Rcode.NXRRSET, one, two, "yxrrset host.example. MX 30 mail.example.");
        zone().changes(two, one, "delete host.example. MX").has("host.example.", "300 A 192.0.2.1");
    }

    /// Each kind of prerequisite, once true and once false (prereq-all).
    @Test
    void everyPrerequisiteBothWays() {
        zone().keeps("yxdomain host.example.").rejects(Rcode.NXDOMAIN, "yxdomain no.example.");
        zone().keeps("nxdomain no.example.").rejects(Rcode.YXDOMAIN, "nxdomain host.example.");
        zone().keeps("yxrrset host.example. A").rejects(Rcode.NXRRSET, "yxrrset host.example. TXT");
        zone().keeps("nxrrset host.example. TXT").rejects(Rcode.YXRRSET, "nxrrset host.example. A");
        zone().keeps("yxrrset host.example. A 192.0.2.1")
                .rejects(Rcode.NXRRSET, "yxrrset host.example. A 192.0.2.2");
        // An empty non-terminal and a name that only a wildcard has are not in use.
        zone().keeps("nxdomain b.c.example.", "nxdomain any.wild.example.");
    }

    /// The serial goes up once for a message, however much it changes (check-soa-update).
    @Test
    void oneMessageIsOneSerial() {
        UpdatedZone zone = zone();
        int before = zone.serial();
        zone.changes(
                "add one.example. 60 A 192.0.2.1",
                "add two.example. 60 A 192.0.2.1",
                "delete host.example. MX");
        assertEquals(before + 1, zone.serial());
        // What is undone within a message is no change.
        zone.keeps("add three.example. 60 A 192.0.2.1", "delete three.example.");
        assertEquals(before + 1, zone.serial());
    }

    /// A message may bring the SOA record (add-soa, replace-soa), and may not take it (delete-soa).
    @Test
    void theSoaIsReplacedByANewerOneAndNeverDeleted() {
        String soa = "example. 3600 SOA ns.example. admin.example. %d 10 20 30 40";
        UpdatedZone zone = zone().changes("add " + soa.formatted(77));
        assertEquals(77, zone.serial());
        zone.keeps("add " + soa.formatted(76)).keeps("add " + soa.formatted(77));
        zone.keeps("delete example. SOA");
        zone.keeps("delete example. SOA ns.example. admin.example. 77 10 20 30 40");
        zone.keeps("add sub." + soa.formatted(99));
        assertEquals(77, zone.serial());
        // The serial that it brings counts also if other records change.
        zone.changes("add " + soa.formatted(100), "add one.example. 60 A 192.0.2.1");
        assertEquals(100, zone.serial());
    }

    /// A CNAME and other data never meet, whatever comes first (cname-and-other-data,
    /// add-delete-cname).
    @Test
    void aCnameIsAlone() {
        zone().keeps("add host.example. 60 CNAME other.example.")
                .changes("add alias.example. 60 CNAME other.example.")
                .keeps("add alias.example. 60 A 192.0.2.1")
                .keeps("add alias.example. 60 TXT x")
                .has("alias.example.", "60 CNAME other.example.")
                .keeps("delete alias.example. CNAME wrong.example.")
                .changes("delete alias.example. CNAME other.example.")
                .has("alias.example.");
        zone().keeps("add example. 60 CNAME other.example.");
    }

    /// A replaced CNAME leaves one (replace-cname), and a set is replaced by one message
    /// (replace-a-host, replace-mx).
    @Test
    void replacingIsOneMessage() {
        zone().changes("add alias.example. 60 CNAME one.example.")
                .changes("delete alias.example. CNAME", "add alias.example. 90 CNAME two.example.")
                .has("alias.example.", "90 CNAME two.example.");
        zone().changes(
                        "delete host.example. A",
                        "add host.example. 60 A 192.0.2.8",
                        "add host.example. 60 A 192.0.2.9",
                        "delete host.example. MX",
                        "add host.example. 60 MX 5 new.example.")
                .has("host.example.", "60 A 192.0.2.8", "60 A 192.0.2.9", "60 MX 5 new.example.");
    }

    /// The TTL of the last added record is that of the set (update-ttl).
    @Test
    void aTtlIsChangedByAddingARecordAgain() {
        zone().changes("add host.example. 60 MX 10 mail.example.")
                .has(
                        "host.example.",
                        "300 A 192.0.2.1",
                        "60 MX 10 mail.example.",
                        "60 MX 20 mail.example.")
                .keeps("add host.example. 60 MX 10 mail.example.");
    }

    /// Texts with spaces, several strings, and one of full length (add-delete-txt).
    @Test
    void textsComeAndGoExactly() {
        String[] texts = {"\"a b\"", "\"a\" \"b\"", "\"%s\"".formatted("x".repeat(255)), "\"\""};
        UpdatedZone zone = zone();
        for (String text : texts) {
            zone.changes("add txt.example. 60 TXT " + text);
        }
        zone.keeps("delete txt.example. TXT \"a\"", "delete txt.example. TXT \"ab\"");
        for (String text : texts) {
            zone.changes("delete txt.example. TXT " + text);
        }
        zone.has("txt.example.");
    }

    /// A name far below others makes empty non-terminals, which go with it (deep-add-delete,
    /// delete-ent, add-delete-in-between).
    @Test
    void deepNamesComeAndGo() {
        String deep = "m.l.k.j.i.h.g.f.e.d.example.";
        UpdatedZone zone = zone().changes("add " + deep + " 60 A 192.0.2.1");
        zone.keeps("nxdomain h.g.f.e.d.example.", "yxdomain " + deep);
        zone.changes("add h.g.f.e.d.example. 60 A 192.0.2.2")
                .changes("delete " + deep)
                .has("h.g.f.e.d.example.", "60 A 192.0.2.2")
                .changes("delete h.g.f.e.d.example. A")
                .keeps("nxdomain g.f.e.d.example.");
        zone.loadsAgain();
    }

    /// A name becomes a delegation while there is data below it, which is glue or hidden then, and
    /// data again (delegate, delegate-in-between).
    @Test
    void aDelegationAboveData() {
        UpdatedZone zone = zone().changes("add c.example. 3600 NS ns.a.b.c.example.");
        zone.has("a.b.c.example.", "300 A 192.0.2.1")
                .changes("add x.c.example. 60 A 192.0.2.3")
                .changes("delete c.example. NS")
                .has("x.c.example.", "60 A 192.0.2.3");
        zone.loadsAgain();
    }

    /// NS records at the apex: some go, the last stays (delete-ns).
    @Test
    void theLastNameServerStays() {
        UpdatedZone zone =
                zone().changes("delete example. NS ns2.example.")
                        .keeps("delete example. NS ns.example.");
        zone.keeps("delete example. NS", "delete example.").has("example.", "3600 NS ns.example.");
    }

    /// The zone of the message must be the zone itself (correct-zone).
    @Test
    void recordsOfOtherZonesAreNotTaken() {
        zone().rejects(Rcode.NOTZONE, "add host.example.org. 60 A 192.0.2.1");
        zone().rejects(Rcode.NOTZONE, "add xexample. 60 A 192.0.2.1");
        zone().rejects(
                        Rcode.NOTZONE,
                        "add one.example. 60 A 192.0.2.1",
                        "delete host.example.org. A");
    }

    /// What signs a zone is not changed by UPDATE (nsec3params).
    @Test
    void signingRecordsAreRefused() {
        zone().rejects(Rcode.REFUSED, "add example. 0 NSEC3PARAM 1 0 0 -");
        zone().rejects(Rcode.REFUSED, "delete example. NSEC3PARAM");
        zone().rejects(Rcode.REFUSED, "add host.example. 60 NSEC z.example. A");
    }

    /// Names in any case are one name, in owners and in RDATA of the types of RFC 1035
    /// (content-mixed-case, add-delete-case).
    @Test
    void mixedCaseIsOneName() {
        zone().keeps("yxdomain HoSt.ExAmPlE.", "yxrrset HOST.example. MX")
                .changes("delete hOST.example. MX 10 MAIL.EXAMPLE.")
                .changes("delete HOST.EXAMPLE.")
                .has("host.example.");
    }
}
