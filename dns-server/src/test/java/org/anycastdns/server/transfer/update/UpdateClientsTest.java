package org.anycastdns.server.transfer.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.junit.jupiter.api.Test;

/// The messages that clients in use send (section 3 of the specification of transfers), as dnsjava
/// encodes them.
class UpdateClientsTest {

    private static UpdatedZone limited(String name, String... types) {
        UpdateRule rule = UpdateRule.of(UpdatedZone.KEY, List.of(name), List.of(types));
        return new UpdatedZone()
                .with(
                        new ZoneUpdates(
                                new UpdatePolicy(List.of(rule)),
                                SerialPolicy.INCREMENT,
                                UpdateLimits.DEFAULT));
    }

    /// One message for what is created, one for changes, one for deletes. A change deletes exact
    /// records and adds. Ownership is told by TXT records.
    @Test
    void externalDns() {
        UpdatedZone zone = limited("*.apps.example", "A", "AAAA", "CNAME", "TXT");
        String owner = "\"heritage=external-dns,external-dns/owner=default\"";
        zone.changes(
                        "add a.apps.example. 0 A 192.0.2.1",
                        "add a.apps.example. 0 TXT " + owner,
                        "add b.apps.example. 300 CNAME a.apps.example.",
                        "add cname-b.apps.example. 300 TXT " + owner)
                .changes(
                        "delete a.apps.example. A 192.0.2.1",
                        "add a.apps.example. 60 A 192.0.2.2",
                        "delete a.apps.example. TXT " + owner,
                        "add a.apps.example. 60 TXT " + owner,
                        "delete b.apps.example. CNAME a.apps.example.",
                        "add b.apps.example. 300 CNAME c.apps.example.")
                .has("a.apps.example.", "60 A 192.0.2.2", "60 TXT " + owner)
                .has("b.apps.example.", "300 CNAME c.apps.example.");
        zone.changes("delete a.apps.example. A 192.0.2.2", "delete a.apps.example. TXT " + owner)
                .has("a.apps.example.");
        zone.rejects(Rcode.REFUSED, "add example. 60 A 192.0.2.1");
    }

    /// With no zone configured it sends the root.
    @Test
    void externalDnsWithoutZone() {
        byte[] message = UpdateMessages.message(".", "add a.example. 0 A 192.0.2.1").toWire();
        assertEquals(Name.ROOT, UpdateMessages.request(message).zone());
    }

    /// A TXT record with a TTL of 60 seconds comes and goes. Two challenges of one name may
    /// overlap.
    @Test
    void certManagerAndLego() {
        UpdatedZone zone = limited("_acme-challenge.www.example", "TXT");
        String name = "_acme-challenge.www.example.";
        zone.changes("add " + name + " 60 TXT \"first\"")
                .changes("add " + name + " 120 TXT \"second\"")
                .has(name, "120 TXT \"first\"", "120 TXT \"second\"")
                .changes("delete " + name + " TXT \"first\"")
                .keeps("delete " + name + " TXT \"first\"")
                .changes("delete " + name + " TXT \"second\"")
                .has(name);
    }

    /// lego and certbot delete the set before they add.
    @Test
    void legoReplaces() {
        UpdatedZone zone = limited("_acme-challenge.example", "TXT");
        String[] replace = {
            "delete _acme-challenge.example. TXT", "add _acme-challenge.example. 120 TXT \"token\""
        };
        zone.changes(replace).keeps(replace).has("_acme-challenge.example.", "120 TXT \"token\"");
    }

    /// Deletes of class NONE and adds in one message; the end is the delete of the set.
    @Test
    void terraform() {
        UpdatedZone zone = limited("*.example", "A", "NS");
        zone.changes("add www.example. 300 A 192.0.2.1", "add www.example. 300 A 192.0.2.2")
                .changes("delete www.example. A 192.0.2.1", "add www.example. 300 A 192.0.2.3")
                .has("www.example.", "300 A 192.0.2.2", "300 A 192.0.2.3")
                .changes("delete www.example. A")
                .has("www.example.");
        zone.changes("add sub.example. 3600 NS ns.sub.example.")
                .changes("delete sub.example. NS")
                .has("sub.example.");
    }

    /// When NS records of the apex go, a stand-in is added first and deleted last.
    @Test
    void dnscontrolReplacesTheNameServers() {
        UpdatedZone zone = new UpdatedZone("alias.example. 300 CNAME www.example.");
        zone.changes(
                        "add example. 3600 NS dnscontrol.invalid.",
                        "delete example. NS ns.example.",
                        "delete example. NS ns2.example.",
                        "add example. 3600 NS new.example.",
                        "delete example. NS dnscontrol.invalid.")
                .has("example.", "3600 NS new.example.");
        zone.changes("delete alias.example.", "add alias.example. 300 CNAME other.example.")
                .has("alias.example.", "300 CNAME other.example.");
    }

    /// Replacing the set of NS records at the apex leaves the old ones: the delete is ignored (RFC
    /// 2136 section 3.4.2.3), which octoDNS does not expect.
    @Test
    void octoDnsReplacesSets() {
        UpdatedZone zone = new UpdatedZone("www.example. 300 A 192.0.2.1");
        zone.changes(
                        "delete www.example. A",
                        "add www.example. 60 A 192.0.2.2",
                        "add www.example. 60 A 192.0.2.3")
                .has("www.example.", "60 A 192.0.2.2", "60 A 192.0.2.3");
        zone.changes("delete example. NS", "add example. 3600 NS new.example.")
                .has(
                        "example.",
                        "3600 NS ns.example.",
                        "3600 NS ns2.example.",
                        "3600 NS new.example.");
    }

    /// octoDNS sends up to 1,000 changes in one message.
    @Test
    void aThousandChangesInOneMessage() {
        String[] adds =
                IntStream.range(0, 1_000)
                        .mapToObj(i ->
                                "add h%d.example. 300 A 10.0.%d.%d".formatted(i, i / 256, i % 256))
                        .toArray(String[]::new);
        UpdatedZone zone = new UpdatedZone();
        long before = zone.content().recordCount();
        zone.changes(adds);
        assertEquals(before + 1_000, zone.content().recordCount());
        assertEquals(2, zone.serial());
        String[] deletes =
                Stream.of(adds)
                        .map(add -> add.replace("add", "delete").replace(" 300", ""))
                        .toArray(String[]::new);
        zone.changes(deletes);
        assertEquals(before, zone.content().recordCount());
    }

    /// nsupdate and knsupdate: every kind of prerequisite in one message.
    @Test
    void nsupdate() {
        UpdatedZone zone = new UpdatedZone("www.example. 300 A 192.0.2.1");
        zone.changes(
                        "nxdomain new.example.",
                        "yxdomain www.example.",
                        "nxrrset www.example. AAAA",
                        "yxrrset www.example. A",
                        "yxrrset www.example. A 192.0.2.1",
                        "add new.example. 60 A 192.0.2.2")
                .has("new.example.", "60 A 192.0.2.2");
        zone.rejects(Rcode.YXDOMAIN, "nxdomain new.example.", "add new.example. 60 A 192.0.2.3");
    }

    /// Kea takes a name if it is free, or if its DHCID says that it belongs to the same client.
    @Test
    void keaResolvesConflictsByDhcid() {
        UpdatedZone zone = limited("*.dhcp.example", "A", "AAAA", "DHCID");
        String mine = "AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=";
        String other = "AAABxLmlskllE0MVjd57zHcWmEH3pCQ6VytcKD//7es/deY=";
        String name = "pc.dhcp.example.";
        String[] first = {
            "nxdomain " + name,
            "add %s 1200 A 192.0.2.10".formatted(name),
            "add %s 1200 DHCID %s".formatted(name, mine)
        };
        zone.changes(first).rejects(Rcode.YXDOMAIN, first);
        zone.changes(
                        "yxrrset %s DHCID %s".formatted(name, mine),
                        "delete %s A".formatted(name),
                        "add %s 1200 A 192.0.2.11".formatted(name))
                .rejects(
                        Rcode.NXRRSET,
                        "yxrrset %s DHCID %s".formatted(name, other),
                        "delete %s A".formatted(name));
        zone.has(name, "1200 A 192.0.2.11", "1200 DHCID " + mine);
        // The lease ends: the address goes, then the name if no address is left.
        zone.changes(
                        "yxrrset %s DHCID %s".formatted(name, mine),
                        "delete %s A 192.0.2.11".formatted(name))
                .changes(
                        "nxrrset %s A".formatted(name),
                        "nxrrset %s AAAA".formatted(name),
                        "yxrrset %s DHCID %s".formatted(name, mine),
                        "delete " + name)
                .has(name);
    }

    /// A message as long as TCP takes.
    @Test
    void aMessageOf64KiB() {
        List<String> lines = new ArrayList<>();
        String text = "x".repeat(255);
        for (int i = 0; i < 230; i++) {
            lines.add("add t%d.example. 60 TXT %s".formatted(i, text));
        }
        byte[] message =
                UpdateMessages.message("example.", lines.toArray(String[]::new)).toWire(65_535);
        assertTrue(message.length > 60_000, () -> "only " + message.length);
        UpdateResult result = new UpdatedZone().on(UpdateMessages.request(message));
        assertEquals(
                230, assertInstanceOf(UpdateResult.Changed.class, result).step().adds().size());
    }
}
