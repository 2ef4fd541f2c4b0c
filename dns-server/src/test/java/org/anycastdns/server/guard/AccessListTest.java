package org.anycastdns.server.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Access lists by address, key and transport (case 41).
class AccessListTest {

    private static final Name KEY = Name.of("k.");

    private static Peer peer(String address, @Nullable Name key, boolean encrypted) {
        return new Peer(InetAddress.ofLiteral(address), key, encrypted);
    }

    private static AccessRule rule(String prefix, @Nullable Name key, boolean encrypted) {
        return new AccessRule(List.of(AddressPrefix.of(prefix)), key, encrypted);
    }

    @Test
    void aPeerMustMatchAddressAndKeyAndTransportOfOneRule() {
        AccessList list =
                new AccessList(
                        List.of(
                                rule("192.0.2.0/24", KEY, false),
                                rule("2001:db8::/32", null, false),
                                rule("198.51.100.1", KEY, true)));
        assertEquals(Access.ALLOWED, list.access(peer("192.0.2.7", Name.of("K."), false)));
        assertEquals(Access.OTHER_KEY, list.access(peer("192.0.2.7", null, false)));
        assertEquals(Access.OTHER_KEY, list.access(peer("192.0.2.7", Name.of("x."), true)));
        assertEquals(Access.OTHER_ADDRESS, list.access(peer("192.0.3.7", KEY, false)));
        assertEquals(Access.ALLOWED, list.access(peer("2001:db8::1", null, false)));
        assertEquals(Access.ALLOWED, list.access(peer("2001:db8::1", KEY, false)));
        assertEquals(Access.NOT_ENCRYPTED, list.access(peer("198.51.100.1", KEY, false)));
        assertEquals(Access.ALLOWED, list.access(peer("198.51.100.1", KEY, true)));
        assertEquals(
                Access.OTHER_ADDRESS, new AccessList(List.of()).access(peer("::1", KEY, true)));
    }

    /// What an operator writes to bind a client's certificate: there is no way round TLS.
    @Test
    void case95ACertificateIsBoundToItsNameAndToTls() {
        AccessRule certified =
                new AccessRule(
                        List.of(AddressPrefix.of("192.0.2.0/24")), KEY, true, "ams.example.net");
        AccessList list = new AccessList(List.of(certified));
        InetAddress address = InetAddress.ofLiteral("192.0.2.7");
        List<String> names = List.of("other.example", "ams.example.net");
        assertEquals(Access.ALLOWED, list.access(new Peer(address, KEY, true, names)));
        assertEquals(
                Access.OTHER_CERTIFICATE,
                list.access(new Peer(address, KEY, true, List.of("ams.example.net.evil.example"))));
        assertEquals(Access.OTHER_CERTIFICATE, list.access(new Peer(address, KEY, true)));
        assertEquals(Access.NOT_ENCRYPTED, list.access(new Peer(address, KEY, false)));
        assertEquals(Access.OTHER_KEY, list.access(new Peer(address, null, true, names)));
        assertEquals(
                Access.OTHER_ADDRESS,
                list.access(new Peer(InetAddress.ofLiteral("198.51.100.1"), KEY, true, names)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new AccessRule(List.of(), null, false, "ams.example.net"));
        assertThrows(IllegalArgumentException.class, () -> new Peer(address, null, false, names));
    }

    /// One rule has the address, another one the key: both together allow nothing.
    @Test
    void twoHalfMatchesAreNone() {
        AccessList list =
                new AccessList(
                        List.of(rule("192.0.2.1", KEY, false), rule("192.0.2.2", null, true)));
        assertEquals(Access.NOT_ENCRYPTED, list.access(peer("192.0.2.2", KEY, false)));
        assertEquals(Access.OTHER_KEY, list.access(peer("192.0.2.1", null, true)));
    }

    @Test
    void prefixesEndWithinAnOctet() {
        AddressPrefix prefix = AddressPrefix.of("10.1.128.0/17");
        assertTrue(prefix.contains(InetAddress.ofLiteral("10.1.128.0")));
        assertTrue(prefix.contains(InetAddress.ofLiteral("10.1.255.255")));
        assertFalse(prefix.contains(InetAddress.ofLiteral("10.1.127.255")));
        assertFalse(prefix.contains(InetAddress.ofLiteral("2001:db8::1")));
        assertTrue(AddressPrefix.of("::/0").contains(InetAddress.ofLiteral("2001:db8::1")));
        assertFalse(AddressPrefix.of("::/0").contains(InetAddress.ofLiteral("192.0.2.1")));
        assertEquals("10.1.128.0/17", prefix.toString());
        assertEquals("192.0.2.1", AddressPrefix.of("192.0.2.1/32").toString());
        assertEquals(prefix, AddressPrefix.of("10.1.128.0/17"));
    }

    @Test
    void whatIsNoPrefixIsToldSo() {
        for (String text :
                List.of(
                        "",
                        "example.com",
                        "192.0.2.0/33",
                        "192.0.2.0/",
                        "192.0.2.0/-1",
                        "192.0.2/24",
                        "::/129",
                        "1/8/8")) {
            assertThrows(IllegalArgumentException.class, () -> AddressPrefix.of(text), text);
        }
        assertEquals(
                "'192.0.2.1/24' has bits set behind its first 24; write 192.0.2.0/24",
                assertThrows(IllegalArgumentException.class, () -> AddressPrefix.of("192.0.2.1/24"))
                        .getMessage());
    }
}
