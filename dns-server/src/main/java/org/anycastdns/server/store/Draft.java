package org.anycastdns.server.store;

import org.anycastdns.server.wire.Name;

/// What an entry of the log says; see {@link EntryHead}.
record Draft(EntryKind kind, Name zone, long version, int from, int to, byte[] payload) {

    /// Returns an entry that was read.
    static Draft of(EntryHead head, byte[] payload) {
        return new Draft(head.kind(), head.zone(), head.version(), head.from(), head.to(), payload);
    }

    /// Returns a checkpoint.
    ///
    /// @param needed number of the first segment that is needed
    static Draft checkpoint(long needed) {
        return new Draft(EntryKind.CHECKPOINT, Name.ROOT, needed, 0, 0, new byte[0]);
    }

    /// Returns the octets of the whole entry.
    long octets() {
        return (long) EntryHead.FIXED_OCTETS + zone.length() + payload.length;
    }
}
