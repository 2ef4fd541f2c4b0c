package org.anycastdns.server.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.anycastdns.server.reload.FileSource;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.CookieSecrets;
import org.anycastdns.server.serve.CookieSecrets.Secret;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.ZoneFile;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSIDOption;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TcpKeepaliveOption;
import org.xbill.DNS.Type;

/// A responder with some zones, asked and shown in the notation of dig. The replies are decoded by
/// dnsjava, which shares no code with ours.
///
/// ```
///   > NAME TYPE [CLASS] [+edns] [+do] [+size=N] [+OPTION[=HEX]] [+tcp] [+opcode=N] [+version=N]
///   > hex OCTETS [+tcp]
///   RCODE flags: qr aa
///   answer:
///     OWNER TTL CLASS TYPE DATA
///   authority: ...
/// ```
final class Scenario {

    /// A zone that every responder here has and could not load.
    private static final org.anycastdns.server.wire.Name UNAVAILABLE =
            org.anycastdns.server.wire.Name.of("unavailable.");

    /// A zone that every responder here had for too long.
    private static final org.anycastdns.server.wire.Name EXPIRED =
            org.anycastdns.server.wire.Name.of("expired.");

    /// The secret, client and time of RFC 9018 appendix A.1.
    private static final CookieSecrets SECRETS =
            new CookieSecrets(new Secret(0xe5e973e5a6b2a43fL, 0x48e7dc849e37bfcfL), List.of());

    private static final int CLIENT = 0xc6336464;
    private static final long NOW = 1_559_731_985;

    private static final int IDLE_DECISECONDS = 100;
    private static final int SIZE = 4096;
    private static final Map<String, Integer> OPTIONS =
            Map.of("nsid", 3, "expire", 9, "cookie", 10, "keepalive", 11, "zoneversion", 19);
    private static final List<String> SECTIONS =
            List.of("question", "answer", "authority", "additional");

    private final Responder responder;

    private Scenario(List<Zone> zones) {
        responder =
                new Responder(
                        new ServedZones(new ZoneSet(zones)), new Identity("test1", "0.1"), SECRETS);
    }

    /// A responder with the zones of these files, "unavailable.", which could not be loaded, and
    /// "expired.", whose data is too old.
    static Scenario serving(Path... files) {
        List<Zone> zones = new ArrayList<>();
        for (Path file : files) {
            ZoneFile zone = read(file);
            if (zone.hasErrors()) {
                throw new AssertionError(zone.problems().toString());
            }
            zones.add(zone.zone(2));
        }
        zones.add(Zone.unavailable(UNAVAILABLE, 3));
        zones.add(Zone.expired(EXPIRED, 3));
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
            boolean raw = words.get(0).equals("hex");
            byte[] request = raw ? octets(words) : request(words);
            Client client = new Client().ipv4(CLIENT).at(NOW);
            byte[] response = new byte[0xffff];
            int length =
                    responder.respond(
                            MemorySegment.ofArray(request),
                            request.length,
                            MemorySegment.ofArray(response),
                            words.contains("+tcp") ? client.tcp(IDLE_DECISECONDS) : client.udp());
            return length == 0
                    ? "no reply\n"
                    : show(new Message(Arrays.copyOf(response, length)), raw);
        } catch (IOException e) {
            throw new UncheckedIOException(question, e);
        }
    }

    private static byte[] octets(List<String> words) {
        StringBuilder hex = new StringBuilder();
        words.stream().skip(1).filter(word -> !word.startsWith("+")).forEach(hex::append);
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] request(List<String> words) throws IOException {
        int type = Type.value(words.get(1), true);
        int recordClass =
                words.size() > 2 && !words.get(2).startsWith("+")
                        ? DClass.value(words.get(2))
                        : DClass.IN;
        Message query = new Message(4711);
        List<EDNSOption> options = new ArrayList<>();
        boolean edns = false;
        int flags = 0;
        int size = SIZE;
        int version = 0;
        for (String word : words.stream().filter(word -> word.startsWith("+")).toList()) {
            String key = word.substring(1).replaceFirst("=.*", "");
            String value = word.replaceFirst("[^=]*=?", "");
            edns |= !List.of("tcp", "opcode", "flag").contains(key);
            switch (key) {
                case "edns", "tcp" -> {}
                case "do" -> flags |= 0x8000;
                case "z" -> flags |= 0x7fff;
                case "size" -> size = Integer.parseInt(value);
                case "version" -> version = Integer.parseInt(value);
                case "opcode" -> query.getHeader().setOpcode(Integer.parseInt(value));
                case "flag" -> query.getHeader().setFlag(Flags.value(value));
                case "option" -> {
                    int colon = value.indexOf(':');
                    int code = Integer.parseInt(value.substring(0, colon));
                    options.add(option(code, value.substring(colon + 1)));
                }
                default -> options.add(option(OPTIONS.get(key), value));
            }
        }
        query.addRecord(
                Record.newRecord(Name.fromString(words.get(0), Name.root), type, recordClass),
                Section.QUESTION);
        if (edns) {
            query.addRecord(new OPTRecord(size, 0, version, flags, options), Section.ADDITIONAL);
        }
        return query.toWire();
    }

    private static EDNSOption option(@Nullable Integer code, String hex) {
        return new GenericEDNSOption(
                java.util.Objects.requireNonNull(code), HexFormat.of().parseHex(hex));
    }

    /// @param withQuestion whether to show the question, which otherwise repeats the query's
    private static String show(Message reply, boolean withQuestion) {
        StringBuilder text = new StringBuilder(Rcode.string(reply.getRcode()));
        int opcode = reply.getHeader().getOpcode();
        text.append(opcode == Opcode.QUERY ? "" : " opcode: " + opcode).append(" flags:");
        for (int flag = 0; flag < 16; flag++) {
            if (Flags.isFlag(flag) && reply.getHeader().getFlag(flag)) {
                text.append(' ').append(Flags.string(flag));
            }
        }
        text.append('\n');
        for (int section = Section.QUESTION; section <= Section.ADDITIONAL; section++) {
            List<Record> records =
                    section == Section.QUESTION && !withQuestion
                            ? List.of()
                            : reply.getSection(section).stream()
                                    .filter(record -> record.getType() != Type.OPT)
                                    .toList();
            if (!records.isEmpty()) {
                text.append(SECTIONS.get(section)).append(":\n");
            }
            for (Record record : records) {
                text.append("  ").append(show(record)).append('\n');
            }
        }
        OPTRecord opt = reply.getOPT();
        return opt == null ? text.toString() : text.append(show(opt)).append('\n').toString();
    }

    private static String show(Record record) {
        String text = record.toString().strip().replaceAll("\\s+", " ");
        // The signature says nothing to a reader; validators look at it elsewhere.
        return record.getType() == Type.RRSIG ? text.replaceFirst(" \\S+$", " ...") : text;
    }

    private static String show(OPTRecord opt) {
        StringJoiner text = new StringJoiner(" ");
        text.add("edns:").add("size=" + opt.getPayloadSize());
        if (opt.getFlags() != 0) {
            text.add(opt.getFlags() == 0x8000 ? "do" : "flags=" + opt.getFlags());
        }
        for (var option : opt.getOptions()) {
            switch (option) {
                case ExtendedErrorCodeOption error ->
                        text.add("ede=" + error.getErrorCode() + " " + error.getText());
                case NSIDOption nsid -> text.add(nsid.toString());
                case CookieOption cookie ->
                        text.add("cookie=" + hex(cookie.getClientCookie()))
                                .add(hex(cookie.getServerCookie().orElse(new byte[0])));
                case TcpKeepaliveOption keepalive ->
                        text.add("keepalive=" + keepalive.getTimeout().orElseThrow());
                case GenericEDNSOption other ->
                        text.add(name(other.getCode()) + "=" + hex(other.toWire()).substring(8));
                default -> text.add(option.toString());
            }
        }
        return text.toString();
    }

    private static String name(int code) {
        return OPTIONS.entrySet().stream()
                .filter(entry -> entry.getValue() == code)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("option" + code);
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }
}
