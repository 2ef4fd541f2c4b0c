/// What is wrong with a zone, where, and how severe it is: what reading, checks and their callers
/// share.
@NullMarked
package org.anycastdns.server.zonefile.problem;

import org.jspecify.annotations.NullMarked;
