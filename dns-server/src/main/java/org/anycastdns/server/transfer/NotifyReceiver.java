package org.anycastdns.server.transfer;

import java.net.InetAddress;
import java.util.OptionalInt;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Takes NOTIFY requests (RFC 1996) that are well formed and whose TSIG record, if any, is right.
/// Any thread may call it.
public interface NotifyReceiver {

    /// What to answer.
    enum Verdict {
        /// The zone is checked soon: NOERROR.
        TAKEN,
        /// The sender is no primary of the zone, or used another key: REFUSED.
        REFUSED,
        /// There is no such zone that comes from a primary: NOTAUTH.
        NOT_AUTHORITATIVE
    }

    /// Takes a request.
    ///
    /// @param key name of the key that signed it; null if it is not signed
    /// @param serial the serial in it, which is only a hint (RFC 1996 section 3.7)
    Verdict notified(Name zone, InetAddress sender, @Nullable Name key, OptionalInt serial);
}
