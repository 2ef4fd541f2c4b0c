/// Shared code for daemons, specific to neither DNS nor BGP: threads that never die unnoticed,
/// signals, JSON, logging, and limits on log lines and configuration files. Both programs use it,
/// and it uses neither.
@NullMarked
package org.anycastdns.daemon;

import org.jspecify.annotations.NullMarked;
