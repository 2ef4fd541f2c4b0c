package org.anycastdns.server.serve;

import java.util.List;

/// What server cookies are made with (RFC 9018 section 5). All responders behind one address share
/// them, since a client's next query may reach another one.
///
/// To change the secret of a fleet, the new one is first accepted everywhere (`next`), then used
/// everywhere (with the old one as `previous`), then the old one is dropped.
///
/// @param current makes cookies
/// @param accepted further ones that a client's cookie may have been made with
public record CookieSecrets(Secret current, List<Secret> accepted) {

    /// A key of 128 bits, its first octet in the highest bits of the first half.
    public record Secret(long high, long low) {

        /// Tells nothing, so that no log gives the secret away.
        @Override
        public String toString() {
            return "Secret[...]";
        }
    }

    public CookieSecrets {
        accepted = List.copyOf(accepted);
    }
}
