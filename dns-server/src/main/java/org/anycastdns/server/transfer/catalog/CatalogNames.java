package org.anycastdns.server.transfer.catalog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.anycastdns.server.wire.Name;

/// The names that mean something in a catalog zone (RFC 9432 section 4).
///
/// ```
///   version.CATALOG               TXT   the version of the format
///   LABEL.zones.CATALOG           PTR   a member
///   group.LABEL.zones.CATALOG     TXT   a property of it
///   coo.LABEL.zones.CATALOG       PTR   a property of it
/// ```
final class CatalogNames {

    /// Octets that the longest of these names has beside label and catalog: `group` and `zones`,
    /// each with its length.
    static final int PROPERTY_OCTETS = 2 * (1 + "group".length());

    private static final byte[] VERSION = octets("version");
    private static final byte[] ZONES = octets("zones");
    private static final byte[] GROUP = octets("group");
    private static final byte[] COO = octets("coo");

    private static final Place OTHER = new Place(Kind.OTHER, Name.ROOT);
    private static final Place AT_VERSION = new Place(Kind.VERSION, Name.ROOT);

    private final Name apex;

    /// What the records at a name are.
    enum Kind {
        VERSION,
        MEMBER,
        GROUP,
        COO,
        /// Nothing that this program knows.
        OTHER
    }

    /// What a name means.
    ///
    /// @param label the member's label; the root where there is none
    record Place(Kind kind, Name label) {}

    CatalogNames(Name apex) {
        this.apex = apex;
    }

    private static byte[] octets(String label) {
        return label.getBytes(StandardCharsets.US_ASCII);
    }

    Name apex() {
        return apex;
    }

    /// Returns what a name means.
    Place place(Name owner) {
        if (!owner.isAtOrBelow(apex)) {
            return OTHER;
        }
        byte[] octets = owner.folded();
        return switch (owner.labelCount() - apex.labelCount()) {
            case 1 -> isLabel(octets, 0, VERSION) ? AT_VERSION : OTHER;
            case 2 -> member(owner, 0, Kind.MEMBER);
            case 3 ->
                    isLabel(octets, 0, GROUP)
                            ? member(owner, 1 + GROUP.length, Kind.GROUP)
                            : isLabel(octets, 0, COO)
                                    ? member(owner, 1 + COO.length, Kind.COO)
                                    : OTHER;
            default -> OTHER;
        };
    }

    private static Place member(Name owner, int at, Kind kind) {
        int end = at + 1 + owner.wire()[at];
        if (!isLabel(owner.folded(), end, ZONES)) {
            return OTHER;
        }
        byte[] label = Arrays.copyOf(Arrays.copyOfRange(owner.wire(), at, end), end - at + 1);
        return new Place(kind, Name.read(label, 0));
    }

    private static boolean isLabel(byte[] folded, int at, byte[] label) {
        int end = at + 1 + label.length;
        return folded[at] == label.length
                && Arrays.equals(folded, at + 1, end, label, 0, label.length);
    }

    /// Returns the name of the version.
    Name version() {
        return below(VERSION, apex);
    }

    /// Returns the name of a member's node.
    Name member(Name label) {
        byte[] wire = label.wire();
        return below(Arrays.copyOfRange(wire, 1, wire.length - 1), below(ZONES, apex));
    }

    /// Returns the name of a member's groups.
    Name group(Name label) {
        return below(GROUP, member(label));
    }

    /// Returns the name of a member's change of ownership.
    Name coo(Name label) {
        return below(COO, member(label));
    }

    /// Returns a name of one label.
    static Name label(byte[] octets) {
        return below(octets, Name.ROOT);
    }

    private static Name below(byte[] label, Name parent) {
        byte[] wire = new byte[1 + label.length + parent.length()];
        wire[0] = (byte) label.length;
        System.arraycopy(label, 0, wire, 1, label.length);
        System.arraycopy(parent.wire(), 0, wire, 1 + label.length, parent.length());
        return Name.read(wire, 0);
    }
}
