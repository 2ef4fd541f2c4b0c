/// Who may do what: access lists by address, TSIG key and transport. Decisions only.
@NullMarked
package org.anycastdns.server.guard;

import org.jspecify.annotations.NullMarked;
