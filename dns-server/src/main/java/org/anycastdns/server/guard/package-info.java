/// Who may do what: access lists by address, TSIG key, transport and certificate. Decisions only.
@NullMarked
package org.anycastdns.server.guard;

import org.jspecify.annotations.NullMarked;
