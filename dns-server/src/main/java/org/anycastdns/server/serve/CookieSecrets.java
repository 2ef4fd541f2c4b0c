package org.anycastdns.server.serve;

import java.util.List;

/// The secrets of server cookies (RFC 9018 section 5). All responders behind one anycast address
/// share them, because a client's next query may reach another responder.
///
/// To change the secret of a fleet, first accept the new one everywhere (`next`). Then use it
/// everywhere and accept the old one as `previous`. Finally remove the old one.
///
/// @param current creates and verifies cookies
/// @param accepted further secrets that verify a client's cookie
public record CookieSecrets(Secret current, List<Secret> accepted) {

    /// A key of 128 bits; its first octet is in the highest bits of the first half.
    public record Secret(long high, long low) {

        /// Returns a fixed text, so that no log reveals the secret.
        @Override
        public String toString() {
            return "Secret[...]";
        }
    }

    public CookieSecrets {
        accepted = List.copyOf(accepted);
    }
}
