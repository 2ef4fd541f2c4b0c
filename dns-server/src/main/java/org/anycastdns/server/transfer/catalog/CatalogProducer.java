package org.anycastdns.server.transfer.catalog;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Sha256;
import org.anycastdns.server.zone.SoaFields;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// Makes the catalog of a primary's zones (RFC 9432 section 4). Mutable; used by one thread. A
/// change costs as much as it changes.
///
/// The label of a member follows from the zone's name, so that it stays when the zone goes and
/// comes back, and when the program starts again. A label that is there stays, whatever it is: with
/// another one, every server that follows the catalog would drop the zone's data (section 5.4).
public final class CatalogProducer {

    /// The longest name of a catalog in octets: all names below it must fit 255.
    public static final int APEX_OCTETS_MAX =
            Name.OCTETS_MAX - CatalogNames.PROPERTY_OCTETS - CatalogProducer.LABEL_OCTETS;

    /// Octets of a hash that make a label. Even who chooses names freely finds no two with the same
    /// 160 bits.
    private static final int HASH_OCTETS = 20;

    /// A label with its length: in base 32, five bits each.
    private static final int LABEL_OCTETS = 1 + HASH_OCTETS * Byte.SIZE / 5;

    /// A TXT record consists of strings of at most so many octets (RFC 1035 section 3.3).
    private static final int STRING_OCTETS_MAX = 255;

    /// Nobody caches a catalog: section 4.1 gives TTLs no meaning, and the examples there have 0.
    private static final int TTL_SECONDS = 0;

    /// NOTIFY tells of changes; this is for one that got lost.
    private static final int REFRESH_SECONDS = 3600;

    private static final int RETRY_SECONDS = 600;

    /// A catalog does not become wrong by age: the largest time in use, as in the examples of RFC
    /// 9432.
    private static final int EXPIRE_SECONDS = 2_147_483_646;

    private static final int MINIMUM_SECONDS = 0;

    /// The name server of a zone that nobody asks (RFC 9432 section 4).
    private static final Name INVALID = Name.of("invalid.");

    private final CatalogNames names;
    private final UnaryOperator<byte[]> hash;
    private final Map<Name, CatalogMember> members = new LinkedHashMap<>();
    private final Set<Name> labels = new HashSet<>();
    private SoaRecord soa;

    /// Creates an empty catalog.
    ///
    /// @param apex name of the catalog zone, at most {@link #APEX_OCTETS_MAX} octets
    /// @param serial its first serial. If the catalog may have existed before, this must be newer
    ///   than any serial then, such as the seconds since 1970
    /// @throws IllegalArgumentException if the name is too long
    public CatalogProducer(Name apex, int serial) {
        this(apex, serial, octets -> Sha256.begin().digest(octets));
    }

    /// Creates an empty catalog with labels of another hash.
    CatalogProducer(Name apex, int serial, UnaryOperator<byte[]> hash) {
        if (apex.length() > APEX_OCTETS_MAX) {
            throw new IllegalArgumentException(
                    "the name of catalog %s has %d octets, at most %d are possible"
                            .formatted(apex, apex.length(), APEX_OCTETS_MAX));
        }
        names = new CatalogNames(apex);
        this.hash = hash;
        soa = soa(serial);
    }

    /// Takes over the members and labels of the last version, as after a restart. If another
    /// program made that version, the next one must be published as a whole, by {@link #records}.
    ///
    /// @param last all records of the last version; not changed. A broken one gives no members
    public void resume(SoaRecord lastSoa, Records last) {
        members.clear();
        labels.clear();
        soa = soa(lastSoa.serial());
        if (Catalog.read(names.apex(), last) instanceof Catalog.Sound(var before)) {
            for (CatalogMember member : before) {
                if (fits(member.label())) {
                    put(member);
                }
            }
        }
    }

    private boolean fits(Name label) {
        int octets = label.length() - 1 + CatalogNames.PROPERTY_OCTETS + names.apex().length();
        return octets <= Name.OCTETS_MAX;
    }

    private void put(CatalogMember member) {
        members.put(member.zone(), member);
        labels.add(member.label());
    }

    private SoaRecord soa(int serial) {
        byte[] name = INVALID.wire();
        ByteBuffer rdata = ByteBuffer.allocate(2 * name.length + SoaFields.OCTETS);
        rdata.put(name).put(name).putInt(serial);
        rdata.putInt(REFRESH_SECONDS).putInt(RETRY_SECONDS).putInt(EXPIRE_SECONDS);
        rdata.putInt(MINIMUM_SECONDS);
        return new SoaRecord(record(names.apex(), RecordType.SOA, rdata.array()));
    }

    /// Returns the SOA record of the present version.
    public SoaRecord soa() {
        return soa;
    }

    /// Returns how many zones the present version lists.
    public int memberCount() {
        return members.size();
    }

    /// Makes a version with exactly these zones. This costs as much as there are zones.
    ///
    /// @param zones properties by zone; the catalog itself is left out
    /// @return the difference to the version before; null if there is none
    public @Nullable IxfrStep publish(Map<Name, MemberProperties> zones) {
        Set<Name> removed = new HashSet<>(members.keySet());
        removed.removeAll(zones.keySet());
        return change(zones, removed);
    }

    /// Makes a version with all changes, which gets one serial.
    ///
    /// @param changed properties of zones that come or change; the catalog itself is left out
    /// @param removed zones that go
    /// @return the difference to the version before; null if there is none
    public @Nullable IxfrStep change(
            Map<Name, MemberProperties> changed, Collection<Name> removed) {
        Records deletes = new Records();
        Records adds = new Records();
        for (Name zone : removed) {
            CatalogMember member = members.remove(zone);
            if (member != null) {
                labels.remove(member.label());
                records(member).forEach(record -> deletes.add(record, 0));
            }
        }
        changed.forEach((zone, properties) -> {
            CatalogMember before = members.get(zone);
            if (!zone.equals(names.apex())
                    && (before == null || !before.properties().equals(properties))) {
                Name label = before == null ? label(zone) : before.label();
                CatalogMember after = new CatalogMember(zone, label, properties);
                put(after);
                difference(before, after, deletes);
                difference(after, before, adds);
            }
        });
        if (deletes.size() == 0 && adds.size() == 0) {
            return null;
        }
        SoaRecord from = soa;
        soa = soa(from.serial() + 1);
        return new IxfrStep(from, deletes, soa, adds);
    }

    /// Collects the records of one member that another does not have.
    private void difference(
            @Nullable CatalogMember member, @Nullable CatalogMember other, Records into) {
        List<ResourceRecord> records =
                new ArrayList<>(member == null ? List.of() : records(member));
        records.removeAll(other == null ? List.of() : records(other));
        records.forEach(record -> into.add(record, 0));
    }

    private Name label(Name zone) {
        byte[] octets = zone.folded().clone();
        while (true) {
            octets = Arrays.copyOf(hash.apply(octets), HASH_OCTETS);
            Name label = CatalogNames.label(base32(octets));
            if (!labels.contains(label)) {
                return label;
            }
        }
    }

    private static byte[] base32(byte[] octets) {
        // A first bit that is set keeps leading zeros.
        String text = new BigInteger(1, octets).setBit(HASH_OCTETS * Byte.SIZE).toString(32);
        return text.substring(1).getBytes(StandardCharsets.US_ASCII);
    }

    /// Returns all records of the present version, the SOA record first.
    public Records records() {
        Records records = new Records();
        records.add(soa.record(), 0);
        records.add(record(names.apex(), RecordType.NS, INVALID.wire()), 0);
        records.add(text(names.version(), CatalogRecords.VERSION), 0);
        for (CatalogMember member : members.values()) {
            records(member).forEach(record -> records.add(record, 0));
        }
        return records;
    }

    private List<ResourceRecord> records(CatalogMember member) {
        Name label = member.label();
        List<ResourceRecord> records = new ArrayList<>();
        records.add(pointer(names.member(label), member.zone()));
        for (String group : member.properties().groups()) {
            records.add(text(names.group(label), group));
        }
        Name coo = member.properties().coo();
        if (coo != null) {
            records.add(pointer(names.coo(label), coo));
        }
        return records;
    }

    private static ResourceRecord pointer(Name owner, Name target) {
        return record(owner, RecordType.PTR, target.wire());
    }

    private static ResourceRecord text(Name owner, String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream rdata = new ByteArrayOutputStream();
        int at = 0;
        do {
            int length = Math.min(STRING_OCTETS_MAX, octets.length - at);
            rdata.write(length);
            rdata.write(octets, at, length);
            at += length;
        } while (at < octets.length);
        return record(owner, RecordType.TXT, rdata.toByteArray());
    }

    private static ResourceRecord record(Name owner, int type, byte[] rdata) {
        return new ResourceRecord(owner, type, TTL_SECONDS, rdata);
    }
}
