package org.anycastdns.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.DivergedException;
import org.anycastdns.server.zone.change.ZoneChange;
import org.anycastdns.server.zone.change.ZoneStep;
import org.anycastdns.server.zonefile.Source.Content;
import org.anycastdns.server.zonefile.ZoneFile;

/// The zones and requests that warm up the responder. They produce every kind of response.
final class WarmUpZones {

    private static final List<String> FILES =
            List.of("plain.test.zone", "nsec.test.zone", "nsec3.test.zone");

    private static final long SEED = 53;

    /// Served zones whose names are queried too; more would only take longer.
    private static final int SERVED_ZONES_MAX = 200;

    /// Labels that are put before names: some exist, most do not.
    private static final List<String> LABELS =
            List.of("www", "mail", "x7", "a.b", "_25._tcp", "x".repeat(40));

    private static final int[] TYPES = RecordType.frequentAnd(RecordType.AXFR, RecordType.IXFR);

    private static final int[] UDP_SIZES = {512, 1_232, 1_400, 4_096};
    private static final int DNSSEC_OK = 0x8000;

    /// EDNS options in wire form: none, NSID, a client cookie, a cookie with a foreign server part,
    /// EXPIRE with ZONEVERSION and keepalive, and padding.
    private static final byte[][] OPTIONS = {
        {},
        {},
        {0, 3, 0, 0},
        {0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8},
        {0, 10, 0, 24, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 0, 0, 9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8},
        {0, 9, 0, 0, 0, 19, 0, 0, 0, 11, 0, 0},
        {0, 12, 0, 4, 0, 0, 0, 0}
    };

    /// Room for the changes of a zone here, in octets; plenty.
    private static final int ROOM_OCTETS = 1 << 16;

    private final ServedZones zones;
    private final ServedZones changed;
    private final List<byte[]> requests = new ArrayList<>();
    private final Random random = new Random(SEED);

    private WarmUpZones(List<Zone> zones, List<Zone> changed) {
        this.zones = new ServedZones(new ZoneSet(zones));
        this.changed = new ServedZones(new ZoneSet(changed));
    }

    /// Reads the zones of this class, and creates requests for them and for the served zones.
    static WarmUpZones read(ZoneSet served) {
        Set<Name> names = new LinkedHashSet<>();
        List<Zone> zones = new ArrayList<>();
        List<Zone> changed = new ArrayList<>();
        for (String file : FILES) {
            ZoneFile text = ZoneFile.read(ZoneFile.origin(file), file, WarmUpZones::text);
            text.records().forEach(record -> names.add(record.owner()));
            changed.add(changed(text.origin(), text.records(), zones.size()));
            zones.add(text.zone(zones.size()));
        }
        WarmUpZones made = new WarmUpZones(zones, changed);
        served.zones().stream().limit(SERVED_ZONES_MAX).forEach(zone -> names.add(zone.apex()));
        names.add(Name.of("id.server."));
        names.add(Name.of("version.bind."));
        names.forEach(made::ask);
        Collections.shuffle(made.requests, made.random);
        return made;
    }

    /// Returns a zone that got some of its records by a change: an alias, and the TTL of every
    /// second record set.
    private static Zone changed(Name origin, List<ResourceRecord> all, int slot) {
        Name alias = Name.of("alias", origin);
        Records before = new Records();
        List<ResourceRecord> deletes = new ArrayList<>();
        List<ResourceRecord> adds = new ArrayList<>();
        Set<Name> owners = new LinkedHashSet<>();
        for (ResourceRecord record : all) {
            owners.add(record.owner());
            if (record.owner().equals(alias)) {
                adds.add(record);
            } else if (owners.size() % 2 == 0) {
                ResourceRecord old =
                        new ResourceRecord(record.owner(), record.type(), 1, record.rdata());
                before.add(old, 0);
                deletes.add(old);
                adds.add(record);
            } else {
                before.add(record, 0);
            }
        }
        ChangingZones zones =
                new ChangingZones(
                        new ChangingZones.OverlayLimits(0, 0, ROOM_OCTETS),
                        ParallelRunner.ALONE,
                        ImageMemory::collected);
        ChangingZone zone = zones.build(before, origin, slot);
        ZoneStep step = new ZoneStep(deletes, adds);
        try {
            return zones.apply(zone, ZoneChange.of(zone, List.of(step))).zone().zone();
        } catch (DivergedException e) {
            throw new IllegalStateException("the zones of the warm-up are part of the program", e);
        }
    }

    private static Content text(String file) {
        try (InputStream in = WarmUpZones.class.getResourceAsStream("/warm-up/" + file)) {
            if (in == null) {
                return new Content.Unreadable("it is not part of this program");
            }
            return new Content.Text(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the zones, for responders whose counters are ignored.
    ServedZones zones() {
        return zones;
    }

    /// Returns the same zones after changes, as overlays of their images ({@link Zone#overlay}).
    ServedZones changed() {
        return changed;
    }

    /// Returns the requests, in random order.
    List<byte[]> requests() {
        return requests;
    }

    private void ask(Name name) {
        ask(name.wire(), Opcode.NOTIFY, RecordType.SOA, RecordClass.IN);
        ask(name.wire(), Opcode.UPDATE, RecordType.SOA, RecordClass.IN);
        ask(name.wire(), Opcode.QUERY, RecordType.TXT, RecordClass.CH);
        for (int type : TYPES) {
            ask(name.wire(), Opcode.QUERY, type, RecordClass.IN);
        }
        for (String label : LABELS) {
            byte[] prefix = Name.of(label).wire();
            if (prefix.length + name.length() - 1 <= Name.OCTETS_MAX) {
                ByteArrayOutputStream below = new ByteArrayOutputStream();
                below.write(prefix, 0, prefix.length - 1);
                below.writeBytes(name.wire());
                int type = TYPES[random.nextInt(TYPES.length)];
                ask(below.toByteArray(), Opcode.QUERY, type, RecordClass.IN);
            }
        }
    }

    private void ask(byte[] name, int opcode, int type, int recordClass) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        boolean edns = random.nextInt(4) > 0;
        write(message, random.nextInt(0x10000), (opcode << 11) | (random.nextInt(2) << 8), 1, 0, 0);
        write(message, edns ? 1 : 0);
        message.writeBytes(random.nextInt(3) == 0 ? upperCase(name) : name);
        write(message, type, recordClass);
        if (edns) {
            byte[] options = OPTIONS[random.nextInt(OPTIONS.length)];
            int version = random.nextInt(32) == 0 ? 1 : 0;
            message.write(0);
            write(message, RecordType.OPT, UDP_SIZES[random.nextInt(UDP_SIZES.length)]);
            write(message, version, random.nextBoolean() ? DNSSEC_OK : 0, options.length);
            message.writeBytes(options);
        }
        requests.add(message.toByteArray());
        if (random.nextInt(12) == 0) {
            requests.add(broken(message.toByteArray()));
        }
    }

    private static void write(ByteArrayOutputStream message, int... numbers) {
        for (int number : numbers) {
            message.write(number >>> 8);
            message.write(number);
        }
    }

    /// Returns a name in upper case, since clients may spell names in any case.
    private static byte[] upperCase(byte[] name) {
        byte[] upper = name.clone();
        for (int i = 0; i < upper.length; i++) {
            if (upper[i] >= 'a' && upper[i] <= 'z') {
                upper[i] = (byte) (upper[i] - 'a' + 'A');
            }
        }
        return upper;
    }

    /// Returns a message that is truncated, or has one octet changed.
    private byte[] broken(byte[] message) {
        if (random.nextBoolean()) {
            return java.util.Arrays.copyOf(message, random.nextInt(message.length));
        }
        message[random.nextInt(message.length)] = (byte) random.nextInt();
        return message;
    }
}
