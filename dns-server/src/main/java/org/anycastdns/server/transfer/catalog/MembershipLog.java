package org.anycastdns.server.transfer.catalog;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// What a {@link Membership} saves, as entries; a later entry about the same thing replaces an
/// earlier one. So a snapshot and all entries since then, one after the other, are the state.
///
/// ```
///   FORMAT                                   begins a snapshot: nothing before it counts
///   LISTED    catalog, zone, label, properties
///   UNLISTED  catalog, zone
///   HELD      zone, catalog, label
///   RELEASED  zone
/// ```
///
/// Names are in uncompressed wire form, numbers in network order.
final class MembershipLog {

    /// Another number means another format, which is not read.
    private static final int FORMAT = 0x01;

    private static final int LISTED = 0x10;
    private static final int UNLISTED = 0x11;
    private static final int HELD = 0x20;
    private static final int RELEASED = 0x21;

    private static final int NO_COO = 0;
    private static final int COO = 1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// Which catalog a zone is held for.
    record Holder(Name catalog, Name label) {}

    /// What was saved.
    ///
    /// @param listings for each catalog its members by zone
    /// @param holders by zone
    /// @param octets how many octets were understood; what follows them is damaged
    record Content(
            Map<Name, Map<Name, CatalogMember>> listings, Map<Name, Holder> holders, int octets) {}

    /// Begins a snapshot.
    void begin() {
        out.write(FORMAT);
    }

    void listed(Name catalog, CatalogMember member) {
        entry(LISTED, catalog, member.zone(), member.label());
        MemberProperties properties = member.properties();
        number(properties.groups().size());
        for (String group : properties.groups()) {
            byte[] octets = group.getBytes(StandardCharsets.ISO_8859_1);
            number(octets.length);
            out.writeBytes(octets);
        }
        Name coo = properties.coo();
        if (coo == null) {
            out.write(NO_COO);
        } else {
            entry(COO, coo);
        }
    }

    void unlisted(Name catalog, Name zone) {
        entry(UNLISTED, catalog, zone);
    }

    void held(Name zone, Name catalog, Name label) {
        entry(HELD, zone, catalog, label);
    }

    void released(Name zone) {
        entry(RELEASED, zone);
    }

    private void entry(int kind, Name... names) {
        out.write(kind);
        for (Name name : names) {
            out.writeBytes(name.wire());
        }
    }

    private void number(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    /// Returns the entries that were written.
    byte[] octets() {
        return out.toByteArray();
    }

    /// Reads entries up to the first that is damaged. Any octets will do.
    static Content read(byte[] octets) {
        Map<Name, Map<Name, CatalogMember>> listings = new LinkedHashMap<>();
        Map<Name, Holder> holders = new LinkedHashMap<>();
        Reader in = new Reader(octets);
        int understood = 0;
        while (in.entry(listings, holders)) {
            understood = in.at;
        }
        return new Content(listings, holders, understood);
    }

    /// Reads fields; null where there is none.
    private static final class Reader {
        private final byte[] octets;
        private int at;

        private Reader(byte[] octets) {
            this.octets = octets;
        }

        /// Reads one entry and returns whether there was one. A file begins with a snapshot.
        private boolean entry(
                Map<Name, Map<Name, CatalogMember>> listings, Map<Name, Holder> holders) {
            boolean isFirst = at == 0;
            int kind = octet();
            if (isFirst != (kind == FORMAT)) {
                return false;
            }
            return switch (kind) {
                case FORMAT -> true;
                case LISTED -> listed(listings);
                case UNLISTED -> {
                    Name catalog = name();
                    Name zone = name();
                    if (catalog != null && zone != null) {
                        listings.getOrDefault(catalog, new HashMap<>()).remove(zone);
                    }
                    yield catalog != null && zone != null;
                }
                case HELD -> {
                    Name zone = name();
                    Name catalog = name();
                    Name label = label();
                    if (zone != null && catalog != null && label != null) {
                        holders.put(zone, new Holder(catalog, label));
                    }
                    yield zone != null && catalog != null && label != null;
                }
                case RELEASED -> {
                    Name zone = name();
                    if (zone != null) {
                        holders.remove(zone);
                    }
                    yield zone != null;
                }
                default -> false;
            };
        }

        private boolean listed(Map<Name, Map<Name, CatalogMember>> listings) {
            Name catalog = name();
            Name zone = name();
            Name label = label();
            MemberProperties properties = properties();
            if (catalog == null || zone == null || label == null || properties == null) {
                return false;
            }
            listings.computeIfAbsent(catalog, _ -> new LinkedHashMap<>())
                    .put(zone, new CatalogMember(zone, label, properties));
            return true;
        }

        private @Nullable MemberProperties properties() {
            List<String> groups = new ArrayList<>();
            int count = number();
            for (int i = 0; i < count; i++) {
                int length = number();
                if (length < 0 || length > octets.length - at) {
                    return null;
                }
                groups.add(new String(octets, at, length, StandardCharsets.ISO_8859_1));
                at += length;
            }
            int marker = octet();
            Name coo = marker == COO ? name() : null;
            if (count < 0 || (marker == COO ? coo == null : marker != NO_COO)) {
                return null;
            }
            return groups.isEmpty() && coo == null
                    ? MemberProperties.NONE
                    : new MemberProperties(groups, coo);
        }

        private int octet() {
            return at < octets.length ? octets[at++] & 0xff : -1;
        }

        private int number() {
            if (octets.length - at < Integer.BYTES) {
                return -1;
            }
            at += Integer.BYTES;
            return ByteBuffer.wrap(octets).getInt(at - Integer.BYTES);
        }

        private @Nullable Name label() {
            Name name = name();
            return name == null || name.labelCount() != 1 ? null : name;
        }

        private @Nullable Name name() {
            int end = at;
            while (end < octets.length && octets[end] > 0) {
                if (octets[end] > Name.LABEL_OCTETS_MAX) {
                    return null;
                }
                end += octets[end] + 1;
            }
            if (end >= octets.length || octets[end] != 0 || end + 1 - at > Name.OCTETS_MAX) {
                return null;
            }
            Name name = Name.read(octets, at);
            at = end + 1;
            return name;
        }
    }
}
