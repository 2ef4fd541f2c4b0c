package org.anycastdns.server.transfer.update;

import org.anycastdns.server.transfer.IxfrStep;

/// What an UPDATE does. It does all or nothing (RFC 2136 section 3.4).
public sealed interface UpdateResult {

    /// The request is rejected; nothing changes.
    ///
    /// @param rcode the RCODE of the response
    /// @param reason why, for the operator
    record Rejected(int rcode, String reason) implements UpdateResult {}

    /// NOERROR, and the zone is as it was: no new serial and no NOTIFY.
    record Unchanged() implements UpdateResult {}

    /// NOERROR, once the change is durable (RFC 2136 section 3.5).
    ///
    /// @param step the net change, with the new serial
    record Changed(IxfrStep step) implements UpdateResult {}
}
