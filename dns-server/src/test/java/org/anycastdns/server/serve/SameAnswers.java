package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.KnownDigest;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ContentHash;
import org.xbill.DNS.Message;

/// Compares a zone with changes with one that is built from the records of its last version: the
/// same records, count, digest, and answers, octet for octet.
final class SameAnswers {

    private static final int DO = 0x8000;

    private final SplittableRandom random;
    private final IntSupplier types;
    private final MemorySegment request = Arena.ofAuto().allocate(65_535);
    private final MemorySegment changed = Arena.ofAuto().allocate(65_535);
    private final MemorySegment built = Arena.ofAuto().allocate(65_535);
    private long asked;

    /// @param random decides how each question is asked
    /// @param types gives the types that are asked for beside A
    SameAnswers(SplittableRandom random, IntSupplier types) {
        this.random = random;
        this.types = types;
    }

    /// Returns how many answers were compared.
    long asked() {
        return asked;
    }

    /// Returns records as a zone is built from.
    static Records records(List<ResourceRecord> list) {
        Records records = new Records();
        list.forEach(record -> records.add(record, 0));
        return records;
    }

    /// Returns a zone that is built from records.
    static Zone built(Name apex, List<ResourceRecord> records) {
        ZoneBuilder builder = new ZoneBuilder(apex);
        records.forEach(builder::add);
        return builder.build(2);
    }

    /// Compares a version.
    ///
    /// @param version all its records
    /// @param names are asked for
    /// @param where tells the version if it fails
    void compare(
            List<ResourceRecord> version, ChangingZone zone, Iterable<Name> names, String where) {
        assertEquals(lines(version), lines(zone.records()), where);
        Zone fresh = built(zone.zone().apex(), version);
        assertEquals(fresh.recordCount(), zone.zone().recordCount(), where);
        assertEquals(ContentHash.of(fresh), zone.digest(), where);
        assertEquals(
                ContentHash.of(fresh), ContentHash.of(zone.zone().with(new KnownDigest())), where);
        boolean moved = random.nextInt(4) == 0;
        Responder one = responder(moved ? zone.zone().copy(ImageMemory.collected()) : zone.zone());
        Responder other = responder(fresh);
        for (Name name : names) {
            for (int i = 0; i < 2; i++) {
                int type = i == 0 ? types.getAsInt() : RecordType.A;
                boolean edns = random.nextInt(4) > 0;
                int flags = random.nextInt(3) > 0 ? DO : 0;
                int length =
                        RandomRequests.write(request, name, type, edns ? Edns.UDP_SIZE : 0, flags);
                Client client = new Client().ipv4(1).at(1);
                client = random.nextInt(4) == 0 ? client.udp() : client.tcp(1);
                int octets = one.respond(request, length, changed, client);
                int expected = other.respond(request, length, built, client);
                asked++;
                if (built.asSlice(0, expected).mismatch(changed.asSlice(0, octets)) >= 0) {
                    assertEquals(
                            text(built, expected),
                            text(changed, octets),
                            where + ", " + name + " " + RecordType.name(type));
                }
            }
        }
    }

    /// Everything about each record, in order.
    private static String lines(List<ResourceRecord> records) {
        Stream<String> lines =
                records.stream()
                        .map(record ->
                                "%s %d %s %s"
                                        .formatted(
                                                record.owner(),
                                                record.ttlSeconds(),
                                                RecordType.name(record.type()),
                                                HexFormat.of().formatHex(record.rdata())));
        return String.join("\n", lines.sorted().toList());
    }

    private static String text(MemorySegment message, int length) {
        String hex = RandomRequests.hex(message, length);
        try {
            return new Message(HexFormat.of().parseHex(hex)) + "\n" + hex;
        } catch (IOException e) {
            return e + "\n" + hex;
        }
    }

    private static Responder responder(Zone zone) {
        return SampleZone.responder(new ServedZones(new ZoneSet(List.of(zone))), true, false);
    }
}
