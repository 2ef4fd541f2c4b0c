package org.anycastdns.server.transfer.out;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.zone.build.Records;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Versions of the zone `example.`, requests for it by dnsjava, and responses as dnsjava reads
/// them.
public final class OutgoingSamples {

    /// A key that clients have.
    public static final TsigKey KEY =
            new TsigKey(
                    org.anycastdns.server.wire.Name.of("k."),
                    TsigAlgorithm.HMAC_SHA256,
                    "secret".getBytes(StandardCharsets.UTF_8));

    static final long NOW = 1_790_000_000;

    private OutgoingSamples() {}

    /// All records of a version: SOA, NS and the given ones, such as `a.example. A 192.0.2.1`.
    public static Records records(long serial, List<String> others) {
        Records records = new Records();
        records.add(CannedPrimary.soaRecord(serial).record(), 0);
        records.add(CannedPrimary.record("example. NS ns.example.").zoneRecord(), 0);
        others.forEach(text -> records.add(CannedPrimary.record(text).zoneRecord(), 0));
        return records;
    }

    static ProvidedZone zone(long serial, List<String> others) {
        SoaRecord soa = CannedPrimary.soaRecord(serial);
        return ProvidedZone.first(CannedPrimary.ZONE, soa, records(serial, others));
    }

    /// The change from a version to the next one.
    public static IxfrStep step(long serial, List<String> before, List<String> after) {
        return ZoneDifference.between(
                CannedPrimary.soaRecord(serial),
                records(serial, before),
                CannedPrimary.soaRecord(serial + 1),
                records(serial + 1, after));
    }

    static ProvidedZone next(ProvidedZone zone, long serial, List<String> others) {
        return zone.next(CannedPrimary.soaRecord(serial), records(serial, others)).zone();
    }

    /// Addresses of many names.
    public static List<String> hosts(int count) {
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hosts.add("host%d.example. A 192.0.2.%d".formatted(i, i % 256));
        }
        return hosts;
    }

    static Record question(int type) {
        return Record.newRecord(Name.fromConstantString("example."), type, DClass.IN);
    }

    static Message axfr() {
        return Message.newQuery(question(Type.AXFR));
    }

    static Message ixfr(long serial) {
        Message message = Message.newQuery(question(Type.IXFR));
        message.addRecord(record(CannedPrimary.soa(serial)), Section.AUTHORITY);
        return message;
    }

    static Record record(String text) {
        String[] fields = text.split(" ", 3);
        try {
            return Record.fromString(
                    Name.fromString(fields[0]),
                    Type.value(fields[1]),
                    DClass.IN,
                    300,
                    fields[2],
                    Name.root);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    static TransferQuery query(Message message) {
        return Objects.requireNonNull(TransferQuery.of(message.toWire(65_535)), message::toString);
    }

    /// Makes all messages.
    static List<byte[]> octets(OutgoingTransfer transfer) {
        List<byte[]> all = new ArrayList<>();
        for (byte[] each = transfer.messages().next(NOW);
                each != null;
                each = transfer.messages().next(NOW)) {
            all.add(each);
        }
        return all;
    }

    static List<Message> messages(OutgoingTransfer transfer) {
        return octets(transfer).stream().map(OutgoingSamples::message).toList();
    }

    static Message message(byte[] octets) {
        try {
            return new Message(octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The records of the answer sections as `owner type data`.
    static List<String> answers(List<Message> messages) {
        return messages.stream()
                .flatMap(each -> each.getSection(Section.ANSWER).stream())
                .map(each ->
                        "%s %s %s"
                                .formatted(
                                        each.getName(),
                                        Type.string(each.getType()),
                                        each.rdataToString()))
                .toList();
    }

    /// A zone in the order of an AXFR, as {@link #answers} shows it.
    static List<String> whole(long serial, List<String> others) {
        List<String> all = new ArrayList<>();
        all.add(CannedPrimary.soa(serial));
        all.add("example. NS ns.example.");
        all.addAll(others);
        all.add(CannedPrimary.soa(serial));
        return all;
    }

    /// Returns a longer list.
    public static List<String> plus(List<String> list, String... more) {
        List<String> longer = new ArrayList<>(list);
        longer.addAll(Arrays.asList(more));
        return longer;
    }
}
