package org.anycastdns.announcer.check;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/// A question to a DNS server, with what is known of the right answer.
interface Question {

    /// Returns the request with this ID. It also asks for the server's identity (NSID, RFC 5001).
    byte[] request(int id);

    /// Returns what is wrong with a response that has our ID and our question, or null when it is
    /// correct.
    ///
    /// @param nsid the identity that the server has
    @Nullable String fault(Message reply, byte[] nsid);

    /// Returns why a response comes from another node, or null when it does not.
    ///
    /// @param nsid the identity that the server has
    @Nullable String stranger(Message reply, byte[] nsid);

    /// Returns whether the name is sent in upper and lower case by chance, and must come back so.
    default boolean mixesCase() {
        return true;
    }
}
