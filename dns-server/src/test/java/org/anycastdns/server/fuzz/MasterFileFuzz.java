package org.anycastdns.server.fuzz;

import static org.anycastdns.server.fuzz.Asked.require;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ResourceRecord;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.Source;
import org.anycastdns.server.zonefile.ZoneFile;
import org.xbill.DNS.Rcode;

/// Any octets as the zone file of "example."; form feeds separate it from the files that it may
/// include, called example/1, example/2 and so on. A zone without errors is built, and asked for
/// its records.
public final class MasterFileFuzz {

    private static final Name ORIGIN = Name.of("example.");
    private static final String ZONE = "0";

    /// Records asked for: a file of a few kilobytes seldom has more, but for $GENERATE.
    private static final int QUESTIONS_MAX = 64;

    private MasterFileFuzz() {}

    /// Reads once.
    public static void fuzzerTestOneInput(byte[] data) {
        String[] files = new String(data, StandardCharsets.ISO_8859_1).split("\f", -1);
        ZoneFile zone =
                ZoneFile.read(
                        ORIGIN, ZONE, name -> read(files, name.replaceFirst("^example/", "")));
        for (Problem problem : zone.problems()) {
            require(problem.line() > 0 && problem.column() > 0, "no place: " + problem);
            require(
                    problem.toString().chars().noneMatch(c -> c < 0x20 || c == 0x7f),
                    "control characters: " + problem);
        }
        if (!zone.hasErrors()) {
            ask(zone);
        }
    }

    private static Source.Content read(String[] files, String name) {
        return name.length() == 1 && name.charAt(0) >= '0' && name.charAt(0) - '0' < files.length
                ? new Source.Content.Text(files[name.charAt(0) - '0'])
                : new Source.Content.Unreadable("there is no such file");
    }

    private static void ask(ZoneFile zone) {
        Asked server = Asked.of(zone);
        int count = Math.min(zone.records().size(), QUESTIONS_MAX);
        for (ResourceRecord record : zone.records().subList(0, count)) {
            var reply = server.ask(query(record), new Asked.Way((record.type() & 1) != 0, 65_535));
            boolean inside = record.owner().isAtOrBelow(ORIGIN);
            require(reply != null, "no reply");
            require(
                    !inside || reply == null || reply.getRcode() != Rcode.SERVFAIL,
                    "SERVFAIL for " + record);
        }
    }

    private static byte[] query(ResourceRecord record) {
        byte[] owner = record.owner().wire();
        ByteBuffer packet = ByteBuffer.allocate(12 + owner.length + 4 + 11);
        packet.putShort((short) 7).putShort((short) 0).putShort((short) 1);
        packet.putShort((short) 0).putShort((short) 0).putShort((short) 1);
        packet.put(owner).putShort((short) record.type()).putShort((short) 1);
        // OPT with 1232 octets and DO.
        packet.put((byte) 0).putShort((short) 41).putShort((short) 1232).putInt(0x8000);
        return packet.putShort((short) 0).array();
    }
}
