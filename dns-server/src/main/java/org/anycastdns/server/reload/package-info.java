/// From files to the zones that are served: reads zone files, builds a new zone set beside the old
/// one and swaps one reference.
@NullMarked
package org.anycastdns.server.reload;

import org.jspecify.annotations.NullMarked;
