/// Opens regular files of one folder without following links out of it and without blocking on what
/// is no regular file, and tells whether another process has a file open for writing.
///
/// On Linux these are system calls of its own, since the JDK can neither open relative to a folder
/// and without blocking nor take a lease. Elsewhere the JDK's calls do as much as they can.
@NullMarked
package org.anycastdns.server.files;

import org.jspecify.annotations.NullMarked;
