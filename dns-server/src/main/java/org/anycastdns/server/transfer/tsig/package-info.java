/// Transaction signatures (RFC 8945): keys, and signing and verifying of requests, responses and
/// streams of messages. Time is an argument, and any octets are accepted.
///
/// ```
///   request  -> TsigRequests.check -> TsigVerdict.Verified -> TsigSigner -> signed response(s)
///                                  |  TsigVerdict.Failed   -> response with the TSIG error
///                                  |  TsigVerdict.Malformed, Unsigned
///   TsigSigner.request -> request; its MAC -> TsigStream.check(response) for each message
/// ```
@NullMarked
package org.anycastdns.server.transfer.tsig;

import org.jspecify.annotations.NullMarked;
