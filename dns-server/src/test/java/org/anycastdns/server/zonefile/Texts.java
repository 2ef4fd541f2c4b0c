package org.anycastdns.server.zonefile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.problem.Problem;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// Zone files from strings and resources, and records as comparable text.
final class Texts {

    /// What a problem in an included file says.
    static final String HIDDEN =
            "there is an error here, but problems never show text of included files: 'dns-server"
                    + " check --origin NAME' of this file shows it";

    static final Name ORIGIN = Name.of("example.com.");

    private Texts() {}

    /// Files by name, as octets.
    static Source source(Map<String, String> files) {
        return name -> {
            String text = files.get(name);
            return text == null
                    ? new Source.Content.Unreadable("no such file")
                    : new Source.Content.Text(
                            new String(
                                    text.getBytes(StandardCharsets.UTF_8),
                                    StandardCharsets.ISO_8859_1));
        };
    }

    /// Reads one text as the zone example.com.
    static ZoneFile read(String text) {
        return ZoneFile.read(ORIGIN, "t.zone", source(Map.of("t.zone", text)));
    }

    /// The problems, a line each.
    static String problems(ZoneFile file) {
        return String.join("\n", file.problems().stream().map(Problem::toString).toList());
    }

    static String resource(String path) {
        try (InputStream in = Texts.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new AssertionError("no resource " + path);
            }
            byte[] octets =
                    path.endsWith(".gz")
                            ? new GZIPInputStream(in).readAllBytes()
                            : in.readAllBytes();
            return new String(octets, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    /// Records as lines, spelling of names included.
    static List<String> lines(List<ResourceRecord> records) {
        return records.stream()
                .map(record ->
                        line(
                                record.owner().wire(),
                                record.ttlSeconds(),
                                record.type(),
                                record.rdata()))
                .toList();
    }

    /// A record of dnsjava in the same form.
    static String line(Record record) {
        byte[] owner = record.getName().toWire();
        byte[] wire = record.toWire(Section.ANSWER);
        byte[] rdata = java.util.Arrays.copyOfRange(wire, owner.length + 10, wire.length);
        return line(owner, (int) record.getTTL(), record.getType(), rdata);
    }

    private static String line(byte[] owner, int ttlSeconds, int type, byte[] rdata) {
        HexFormat hex = HexFormat.of();
        return "%s %d %s %s"
                .formatted(
                        hex.formatHex(owner),
                        ttlSeconds,
                        RecordType.name(type),
                        hex.formatHex(rdata));
    }
}
