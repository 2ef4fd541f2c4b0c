package org.anycastdns.server.serve;

import org.anycastdns.server.serve.CookieSecrets.Secret;
import org.anycastdns.server.wire.Query;

/// Verifies and creates server cookies for one worker thread (RFC 7873, RFC 9018 section 4):
///
/// ```
///   | VERSION 1 (1) | RESERVED (3) | TIMESTAMP (4) |  HASH (8)  |
///   '------------------ head ----------------------'
///   HASH = SipHash-2-4(client cookie | head | client address, secret)
/// ```
final class ServerCookie {

    /// The result of verifying a client's COOKIE option.
    enum Verdict {
        /// The client has no server cookie yet.
        NEW,
        /// A server with these secrets recently issued the cookie to this client.
        VALID,
        /// The cookie is forged, too old, or was issued for another address or by another kind of
        /// server.
        INVALID
    }

    private static final int VERSION = 1;

    /// RFC 9018 section 4.3: cookies older than an hour or more than five minutes in the future are
    /// rejected. Cookies older than half an hour are renewed.
    private static final int AGE_SECONDS_MAX = 3_600;

    private static final int AHEAD_SECONDS_MAX = 300;
    private static final int RENEWAL_SECONDS = 1_800;

    private final Secret current;
    private final Secret[] accepted;
    private final SipHash sipHash = new SipHash();
    private long head;
    private long hash;

    ServerCookie(CookieSecrets secrets) {
        current = secrets.current();
        accepted = secrets.accepted().toArray(Secret[]::new);
    }

    /// Verifies the cookie of a query and prepares the server cookie for the response.
    Verdict take(Query query, Client client) {
        long now = client.epochSeconds();
        Verdict verdict = verdict(query, client);
        boolean recent =
                verdict == Verdict.VALID && age(query.serverCookieHead(), now) <= RENEWAL_SECONDS;
        if (recent && hash == query.serverCookieHash()) {
            head = query.serverCookieHead();
        } else {
            head = (long) VERSION << 56 | (now & 0xffff_ffffL);
            hash = hash(current, query.clientCookie(), head, client);
        }
        return verdict;
    }

    private Verdict verdict(Query query, Client client) {
        if (!query.hasServerCookie()) {
            return query.hasForeignCookie() ? Verdict.INVALID : Verdict.NEW;
        }
        long theirs = query.serverCookieHead();
        int age = age(theirs, client.epochSeconds());
        if (theirs >>> 56 != VERSION || age > AGE_SECONDS_MAX || age < -AHEAD_SECONDS_MAX) {
            return Verdict.INVALID;
        }
        hash = hash(current, query.clientCookie(), theirs, client);
        boolean valid = hash == query.serverCookieHash();
        for (Secret secret : accepted) {
            valid |= hash(secret, query.clientCookie(), theirs, client) == query.serverCookieHash();
        }
        return valid ? Verdict.VALID : Verdict.INVALID;
    }

    /// Returns the seconds since a cookie was created, in serial number arithmetic (RFC 9018
    /// section 4.3).
    private static int age(long head, long now) {
        return (int) now - (int) head;
    }

    private long hash(Secret secret, long clientCookie, long head, Client client) {
        sipHash.begin(Long.reverseBytes(secret.high()), Long.reverseBytes(secret.low()));
        sipHash.add(Long.reverseBytes(clientCookie));
        sipHash.add(Long.reverseBytes(head));
        return Long.reverseBytes(client.finish(sipHash, 2 * Long.BYTES));
    }

    /// Returns VERSION, RESERVED and TIMESTAMP of the cookie for the response.
    long head() {
        return head;
    }

    /// Returns HASH of the cookie for the response.
    long hash() {
        return hash;
    }
}
