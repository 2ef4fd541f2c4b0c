/// From files to the zones that are served: a new set of zones is built beside the old one and
/// published as a whole; whatever cannot be read, is wrong or looks like an accident leaves the old
/// zone in service.
///
/// ```
///   folder --Look--> Changes (what moved, settled, went away) --ZoneLoader--> zones
///                                                                              |
///        ZonesStatus (the set to serve, state of each zone)  <---- Guard ------+
/// ```
///
/// The folder is looked at every quarter of a second instead of waiting for the kernel to tell:
/// inotify does not see changes behind symbolic links, on network and some overlay file systems,
/// and it cannot say when a writer has finished. A look costs one stat a file.
///
/// Each zone is a boundary. Whatever happens while one is read, built, taken in, moved or removed
/// is a problem of that zone; one that waits for its file system or takes too long is given up (
/// {@link Attempt}). A file is read when it is complete ({@link Settling}) and within what zones
/// may cost ({@link MachineBudget}).
///
/// More than 20 types because each of these guards is a small type of its own.
@NullMarked
package org.anycastdns.server.reload;

import org.jspecify.annotations.NullMarked;
