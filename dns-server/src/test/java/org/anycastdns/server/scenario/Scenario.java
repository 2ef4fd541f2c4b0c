package org.anycastdns.server.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.anycastdns.server.reload.FileSource;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.serve.Transport;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.ZoneFile;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSIDOption;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A responder with some zones, asked and shown in the notation of dig. The replies are decoded by
/// dnsjava, which shares no code with ours.
///
/// ```
///   > NAME TYPE [+edns] [+nsid] [+tcp]
///   RCODE flags: qr aa
///   answer:
///     OWNER TTL CLASS TYPE DATA
///   authority: ...
/// ```
final class Scenario {

    private static final long SEED = 42;
    private static final List<String> SECTIONS =
            List.of("question", "answer", "authority", "additional");

    private final Responder responder;

    private Scenario(List<Zone> zones) {
        responder =
                new Responder(
                        new ServedZones(new ZoneSet(SEED, zones)), new Identity("test1", "0.1"));
    }

    /// A responder with the zones of these files.
    static Scenario serving(Path... files) {
        List<Zone> zones = new ArrayList<>();
        for (Path file : files) {
            ZoneFile zone = read(file);
            if (zone.hasErrors()) {
                throw new AssertionError(zone.problems().toString());
            }
            zones.add(zone.zone(SEED, 2));
        }
        return new Scenario(zones);
    }

    /// Reads a zone file, whose name tells the origin.
    static ZoneFile read(Path file) {
        String name = file.toString();
        return ZoneFile.read(
                ZoneFile.origin(name), name, new FileSource(file.toAbsolutePath().getParent()));
    }

    /// Puts a query and returns the reply as text.
    ///
    /// @param question the query line without "> "
    String ask(String question) {
        try {
            List<String> words = Arrays.asList(question.split(" +"));
            byte[] request = request(words);
            Transport transport = words.contains("+tcp") ? Transport.TCP : Transport.UDP;
            byte[] response = new byte[0xffff];
            int length =
                    responder.respond(
                            MemorySegment.ofArray(request),
                            request.length,
                            MemorySegment.ofArray(response),
                            transport);
            return show(new Message(Arrays.copyOf(response, length)));
        } catch (IOException e) {
            throw new UncheckedIOException(question, e);
        }
    }

    private static byte[] request(List<String> words) throws IOException {
        int type = Type.value(words.get(1));
        Record asked = Record.newRecord(Name.fromString(words.get(0), Name.root), type, DClass.IN);
        Message query = new Message(4711);
        query.addRecord(asked, Section.QUESTION);
        if (words.contains("+nsid")) {
            query.addRecord(new OPTRecord(4096, 0, 0, 0, List.of(new NSIDOption(new byte[0]))), 3);
        } else if (words.contains("+edns")) {
            query.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        }
        return query.toWire();
    }

    private static String show(Message reply) {
        StringBuilder text = new StringBuilder(Rcode.string(reply.getRcode()));
        text.append(" flags:");
        for (int flag : new int[] {Flags.QR, Flags.AA, Flags.TC, Flags.RD, Flags.RA}) {
            if (reply.getHeader().getFlag(flag)) {
                text.append(' ').append(Flags.string(flag));
            }
        }
        text.append('\n');
        for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
            List<Record> records =
                    reply.getSection(section).stream()
                            .filter(record -> record.getType() != Type.OPT)
                            .toList();
            if (!records.isEmpty()) {
                text.append(SECTIONS.get(section)).append(":\n");
            }
            for (Record record : records) {
                text.append("  ").append(record.toString().replaceAll("\\s+", " ")).append('\n');
            }
        }
        OPTRecord opt = reply.getOPT();
        return opt == null ? text.toString() : text.append(show(opt)).append('\n').toString();
    }

    private static String show(OPTRecord opt) {
        StringJoiner text = new StringJoiner(" ");
        text.add("edns:").add("size=" + opt.getPayloadSize());
        for (var option : opt.getOptions()) {
            switch (option) {
                case ExtendedErrorCodeOption error ->
                        text.add("ede=" + error.getErrorCode() + " " + error.getText());
                default -> text.add(option.toString());
            }
        }
        return text.toString();
    }
}
