package org.anycastdns.server.zone.change;

import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.zone.IntTable;

/// The hosts at or below the apex that record sets name, with the names above them: for a host
/// without a name of its own a wildcard may stand, and which one depends on the names above. Hashes
/// are cut to 31 bits: a name too many costs a build that was not necessary.
final class NamedHosts {

    /// Nothing is known about who names whom: any name may be a host. It is never filled.
    static final NamedHosts UNKNOWN = new NamedHosts(IntTable.EMPTY, false);

    /// With more names, everything counts as named: the table would be too large.
    private static final int NAMES_MAX = 1_000_000;

    private final IntTable names;
    private final boolean known;

    private NamedHosts(IntTable names, boolean known) {
        this.names = names;
        this.known = known;
    }

    /// Returns a version without hosts.
    static NamedHosts none() {
        return new NamedHosts(IntTable.EMPTY.copy(), true);
    }

    /// Returns the next version, which may be filled until it is shared.
    NamedHosts copy() {
        return known ? new NamedHosts(names.copy(), true) : this;
    }

    /// Adds a host.
    ///
    /// @param host hashed as {@link org.anycastdns.server.zone.Zone#hash(NameBuffer)} does
    void add(NameBuffer host, Name apex) {
        for (int dropped = 0; known && dropped < host.labelCount() - apex.labelCount(); dropped++) {
            if (names.size() <= NAMES_MAX) {
                names.put(key(host.hash(dropped)), 1);
            }
        }
    }

    /// Returns whether a host at or below a name may be named.
    ///
    /// @param hash of the name
    boolean mayBeAtOrBelow(long hash) {
        return !known || names.size() > NAMES_MAX || names.get(key(hash), 0) != 0;
    }

    private static int key(long hash) {
        return (int) (hash >>> 33);
    }
}
