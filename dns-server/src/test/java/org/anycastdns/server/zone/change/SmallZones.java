package org.anycastdns.server.zone.change;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;

/// Zones of a few records that change by overlays.
public final class SmallZones {

    /// The apex of these zones.
    public static final Name APEX = Name.of("example.");

    static final ChangingZones ZONES = zones(1 << 16);

    private SmallZones() {}

    /// Returns what makes and changes zones of any size by overlays.
    static ChangingZones zones(int roomOctets) {
        return new ChangingZones(
                new ChangingZones.OverlayLimits(0, 0, roomOctets),
                ParallelRunner.ALONE,
                ImageMemory::collected);
    }

    /// Returns a zone without changes.
    public static ChangingZone zone(ResourceRecord... all) {
        return zone(ZONES, List.of(all));
    }

    static ChangingZone zone(ChangingZones zones, List<ResourceRecord> all) {
        Records records = new Records();
        all.forEach(record -> records.add(record, 0));
        return zones.build(records, APEX, 0);
    }

    /// Applies steps, which must become an overlay.
    public static ChangingZone apply(ChangingZone zone, ZoneStep... steps)
            throws DivergedException {
        ChangingZones.Applied applied = ZONES.apply(zone, ZoneChange.of(zone, List.of(steps)));
        assertNull(applied.builtBecause());
        return applied.zone();
    }

    /// Returns a step that adds records and counts the serial up.
    public static ZoneStep adding(int serial, ResourceRecord... adds) {
        return new ZoneStep(List.of(soa(serial - 1)), with(soa(serial), adds));
    }

    /// Returns a step that deletes records and counts the serial up.
    public static ZoneStep deleting(int serial, ResourceRecord... deletes) {
        return new ZoneStep(with(soa(serial - 1), deletes), List.of(soa(serial)));
    }

    private static List<ResourceRecord> with(ResourceRecord soa, ResourceRecord... others) {
        List<ResourceRecord> all = new ArrayList<>(List.of(others));
        all.addFirst(soa);
        return all;
    }

    /// Returns the SOA record of a version.
    public static ResourceRecord soa(int serial) {
        ByteBuffer rdata = ByteBuffer.allocate(2 * APEX.length() + 20);
        rdata.put(APEX.wire()).put(APEX.wire()).putInt(serial).putInt(9).putInt(9).putInt(9);
        return new ResourceRecord(APEX, RecordType.SOA, 300, rdata.putInt(60).array());
    }

    /// Returns an A record.
    public static ResourceRecord a(Name owner, int ttl, int address) {
        byte[] rdata = ByteBuffer.allocate(4).putInt(address).array();
        return new ResourceRecord(owner, RecordType.A, ttl, rdata);
    }

    /// Returns an NS record.
    static ResourceRecord ns(Name owner, Name host) {
        return new ResourceRecord(owner, RecordType.NS, 300, host.wire());
    }
}
