package org.anycastdns.server.transfer.update;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TTL;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/// UPDATE messages, made by dnsjava from the words of nsupdate.
///
/// ```
///   nxdomain NAME     nxrrset NAME TYPE            add NAME TTL TYPE DATA
///   yxdomain NAME     yxrrset NAME TYPE [DATA]     delete NAME [TYPE [DATA]]
/// ```
public final class UpdateMessages {

    /// TYPE, CLASS, TTL and RDLENGTH.
    private static final int FIXED_OCTETS = 10;

    private UpdateMessages() {}

    /// Reads `NAME TTL TYPE DATA`.
    public static Record record(String text) {
        String[] fields = text.split(" ", 4);
        return record(name(fields[0]), TTL.parse(fields[1], false), fields[2], fields[3]);
    }

    private static Record record(Name owner, long ttl, String type, String data) {
        try {
            return Record.fromString(owner, Type.value(type), DClass.IN, ttl, data, Name.root);
        } catch (IOException e) {
            throw new UncheckedIOException(data, e);
        }
    }

    /// Returns the record of dnsjava as one of ours, with its spelling.
    public static ResourceRecord zoneRecord(Record record) {
        return new ResourceRecord(
                org.anycastdns.server.wire.Name.read(record.getName().toWire(), 0),
                record.getType(),
                (int) record.getTTL(),
                rdata(record));
    }

    /// Returns the RDATA of a record without compression, as spelled.
    static byte[] rdata(Record record) {
        byte[] wire = record.toWire(Section.ANSWER);
        return Arrays.copyOfRange(wire, record.getName().length() + FIXED_OCTETS, wire.length);
    }

    static Name name(String text) {
        return Name.fromConstantString(text);
    }

    /// Returns a message for a zone, each line one record.
    public static Update message(String zone, String... lines) {
        Update update = new Update(name(zone));
        for (String line : lines) {
            add(update, line.split(" ", 2));
        }
        return update;
    }

    private static void add(Update update, String[] line) {
        String[] words = line[1].split(" ", 3);
        Name owner = name(words[0]);
        int type = words.length > 1 && !line[0].equals("add") ? Type.value(words[1]) : Type.ANY;
        switch (line[0]) {
            case "add" -> update.add(record(line[1]));
            case "nxdomain" -> update.absent(owner);
            case "yxdomain" -> update.present(owner);
            case "nxrrset" -> update.absent(owner, type);
            case "yxrrset" -> {
                if (words.length == 3) {
                    update.present(record(owner, 0, words[1], words[2]));
                } else {
                    update.present(owner, type);
                }
            }
            case "delete" -> {
                if (words.length == 3) {
                    update.delete(record(owner, 0, words[1], words[2]));
                } else if (words.length == 2) {
                    update.delete(owner, type);
                } else {
                    update.delete(owner);
                }
            }
            default -> throw new IllegalArgumentException(line[0]);
        }
    }

    /// Parses a message.
    public static WholeMessage parsed(byte[] message) {
        if (MessageParser.parse(message) instanceof ParsedMessage.Sound(WholeMessage sound)) {
            return sound;
        }
        throw new AssertionError("malformed: " + MessageParser.parse(message));
    }

    /// Returns what a message asks for.
    public static UpdateRequest request(byte[] message) {
        if (UpdateRequest.of(parsed(message)) instanceof UpdateRequest.Parsed.Sound(var request)) {
            return request;
        }
        throw new AssertionError("faulty: " + UpdateRequest.of(parsed(message)));
    }

    /// Returns records as sorted texts with their TTLs, without the SOA record.
    static List<String> texts(List<ResourceRecord> records) {
        return records.stream()
                .filter(record -> record.type() != Type.SOA)
                .map(record -> MessageRecord.of(record).toString().replace(" CLASS1", ""))
                .sorted()
                .collect(Collectors.toList());
    }
}
