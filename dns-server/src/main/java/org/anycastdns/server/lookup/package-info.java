/// The lookup algorithm of RFC 1034 section 4.3.2 in named steps over a zone.
///
/// The steps are exact match, referral, CNAME, DNAME (RFC 6672), wildcard (RFC 4592), no data, and
/// NXDOMAIN. The package decides which record sets make up the answer; it writes no bytes.
@NullMarked
package org.anycastdns.server.lookup;

import org.jspecify.annotations.NullMarked;
