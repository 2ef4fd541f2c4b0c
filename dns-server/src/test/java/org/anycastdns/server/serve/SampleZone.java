package org.anycastdns.server.serve;

import java.nio.ByteBuffer;
import java.util.List;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// One zone that yields every class of response, for the tests of the responder and its transports.
public final class SampleZone {

    /// Identity of the responders that tests make.
    public static final Identity IDENTITY = new Identity("test1", "anycast-dns test");

    /// 250 octets: ten such strings do not fit into a datagram.
    private static final String LONG = "x".repeat(250);

    private static final List<String> RECORDS =
            List.of(
                    "example. SOA ns1.example. admin.example. 7 3600 600 86400 300",
                    "example. NS ns1.example.",
                    "example. NS ns2.example.",
                    "example. MX 10 mail.example.",
                    "ns1.example. A 192.0.2.1",
                    "ns1.example. AAAA 2001:db8::1",
                    "ns2.example. A 192.0.2.2",
                    "mail.example. A 192.0.2.3",
                    "www.example. A 192.0.2.80",
                    "alias.example. CNAME alias2.example.",
                    "alias2.example. CNAME www.example.",
                    "loop.example. CNAME loop2.example.",
                    "loop2.example. CNAME loop.example.",
                    "tree.example. DNAME example.",
                    "*.wild.example. TXT \"wild\"",
                    "deep.empty.example. A 192.0.2.81",
                    "sub.example. NS ns.sub.example.",
                    "sub.example. NS ns1.example.",
                    "ns.sub.example. A 192.0.2.90",
                    "_sip._udp.example. SRV 1 2 5060 www.example.",
                    "large.example. TXT \"0" + LONG + "\"",
                    "large.example. TXT \"1" + LONG + "\"",
                    "large.example. TXT \"2" + LONG + "\"",
                    "large.example. TXT \"3" + LONG + "\"",
                    "large.example. TXT \"4" + LONG + "\"",
                    "large.example. TXT \"5" + LONG + "\"",
                    "large.example. TXT \"6" + LONG + "\"",
                    "large.example. TXT \"7" + LONG + "\"",
                    "large.example. TXT \"8" + LONG + "\"",
                    "large.example. TXT \"9" + LONG + "\"");

    /// The secret of RFC 9018 appendix A.1.
    public static final CookieSecrets SECRETS =
            new CookieSecrets(
                    new CookieSecrets.Secret(0xe5e973e5a6b2a43fL, 0x48e7dc849e37bfcfL), List.of());

    private SampleZone() {}

    /// The zone "example." beside an unavailable zone "broken.".
    public static ServedZones zones() {
        ZoneBuilder builder = new ZoneBuilder(Name.of("example."));
        RECORDS.forEach(text -> builder.add(record(text, 3600)));
        Zone broken = Zone.unavailable(Name.of("broken."), 3);
        return new ServedZones(new ZoneSet(List.of(builder.build(2), broken)));
    }

    /// A responder for some zones.
    ///
    /// @param readyMade whether answers are copied from the image
    /// @param repeating whether answers are kept for the same requests
    public static Responder responder(ServedZones zones, boolean readyMade, boolean repeating) {
        return new Responder(
                zones, IDENTITY, SECRETS, TsigKeys.NONE, ControlDoor.CLOSED, readyMade, repeating);
    }

    /// A responder for {@link #zones}, with a door for what is no plain query.
    public static Responder responder(ControlDoor door) {
        return new Responder(zones(), IDENTITY, SECRETS, TsigKeys.NONE, door);
    }

    /// A responder for {@link #zones}.
    public static Responder responder() {
        return new Responder(zones(), IDENTITY, SECRETS);
    }

    /// A responder that copies nothing: neither octets that an image has ready nor answers that
    /// were given before.
    public static Responder writingAnew(ServedZones zones) {
        return new Responder(
                zones, IDENTITY, SECRETS, TsigKeys.NONE, ControlDoor.CLOSED, false, false);
    }

    /// A query for the A records of a name, without EDNS.
    static byte[] query(String name) {
        byte[] wire = Name.of(name).wire();
        ByteBuffer query = ByteBuffer.allocate(Header.OCTETS + wire.length + 4);
        query.putLong(1L << 16).putInt(0).put(wire);
        return query.putShort((short) RecordType.A).putShort((short) RecordClass.IN).array();
    }

    /// Returns a record from text such as `a.example. A 192.0.2.1`.
    public static ResourceRecord record(String text, int ttlSeconds) {
        String[] fields = text.split(" ", 3);
        int type = Type.value(fields[1]);
        try {
            byte[] rdata =
                    Record.fromString(
                                    org.xbill.DNS.Name.fromString(fields[0]),
                                    type,
                                    DClass.IN,
                                    ttlSeconds,
                                    fields[2],
                                    org.xbill.DNS.Name.root)
                            .rdataToWireCanonical();
            return new ResourceRecord(Name.of(fields[0]), type, ttlSeconds, rdata);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(text, e);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(text, e);
        }
    }
}
