package org.anycastdns.server.transfer.primary;

import java.util.OptionalLong;
import org.anycastdns.server.wire.Name;

/// Tells for how long a zone may still be served that itself comes from a primary (RFC 7314 section
/// 3.2). Any thread may call it.
@FunctionalInterface
public interface ExpireSource {

    /// All zones are this server's own.
    ExpireSource OWN = _ -> OptionalLong.empty();

    /// Returns the seconds that are left; empty if the zone is this server's own, so that EXPIRE of
    /// its SOA record counts.
    OptionalLong secondsLeft(Name zone);
}
