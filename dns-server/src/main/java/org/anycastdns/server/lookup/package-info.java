/// The algorithm of RFC 1034 section 4.3.2 as named stages over a zone: exact match, referral,
/// CNAME, DNAME (RFC 6672), wildcard (RFC 4592), no data, no name. It decides which record sets
/// make up the answer; it writes no bytes.
@NullMarked
package org.anycastdns.server.lookup;

import org.jspecify.annotations.NullMarked;
