/// The problems of a zone: what is wrong, where, and how severe it is. Reading and checking report
/// them.
@NullMarked
package org.anycastdns.server.zonefile.problem;

import org.jspecify.annotations.NullMarked;
