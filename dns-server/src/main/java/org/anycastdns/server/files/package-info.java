/// Opens regular files of one folder. It never follows links out of the folder, never blocks on a
/// file that is not regular, and determines whether another process has a file open for writing.
///
/// On Linux it makes system calls itself. The JDK cannot open a file relative to a folder or
/// without blocking, and cannot take a lease. Elsewhere it does as much as the JDK's calls allow.
@NullMarked
package org.anycastdns.server.files;

import org.jspecify.annotations.NullMarked;
