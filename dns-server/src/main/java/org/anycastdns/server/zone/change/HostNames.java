package org.anycastdns.server.zone.change;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;

/// The hosts that records name, as the build finds them: whose addresses belong in the additional
/// section.
final class HostNames {

    /// A host that a record names.
    ///
    /// @param record index of the record in its set
    /// @param alias whether the record is an alias of a service (RFC 9460 section 2.4.2)
    record Host(int record, Name name, boolean alias) {}

    private HostNames() {}

    /// Returns the hosts at or below the apex.
    ///
    /// @param rdata the records of one set, in order, without duplicates
    static List<Host> of(Name apex, Name owner, int type, List<byte[]> rdata) {
        int offset = RdataNames.hostOffset(type);
        if (offset < 0) {
            return List.of();
        }
        boolean service = type == RecordType.SVCB || type == RecordType.HTTPS;
        List<Host> hosts = new ArrayList<>();
        for (int i = 0; i < rdata.size(); i++) {
            byte[] octets = rdata.get(i);
            boolean alias = service && octets[0] == 0 && octets[1] == 0;
            Name name = Name.read(octets, offset);
            if (service && name.isRoot()) {
                if (alias || owner.isWildcard()) {
                    // There is no target, or the target is the query name.
                    continue;
                }
                // RFC 9460 section 2.5.2: the target "." stands for the owner itself.
                name = owner;
            }
            if (name.isAtOrBelow(apex)) {
                hosts.add(new Host(i, name, alias));
            }
        }
        return hosts;
    }
}
