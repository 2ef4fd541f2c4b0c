/// Loads zones from files and replaces them atomically. A new set of zones is built beside the old
/// one and published as a whole. If a zone cannot be read, is wrong or looks like an accident, its
/// last good version stays in service.
///
/// ```
///   folder --FolderSnapshot--> Changes (what changed, settled, vanished) --ZoneLoader--> zones
///                                                                              |
///        ZonesStatus (the set to serve, state of each zone)  <---- Guard ------+
///
///   Reloader       decides what is loaded, taken into service, refused or removed
///     ReloadThread   when: at an interval and on request; no error ends it
///     ZoneStates     the state of each zone, and how it changes
///     Publisher      publishes the states; moves zones together in memory
///     ReloadLog      tells the operator
/// ```
///
/// The folder is scanned every quarter of a second instead of using inotify. inotify does not see
/// changes behind symbolic links, on network file systems and on some overlay file systems. It also
/// cannot tell when a writer has finished. A scan costs one stat per file.
///
/// Each zone is isolated: whatever goes wrong while it is read, built, swapped, moved or removed is
/// a problem of that zone. The loader stops waiting for a zone that takes too long or whose file
/// system hangs ({@link Attempt}). A file is read when it is complete ({@link Settling}) and within
/// the limits for zones ({@link MachineBudget}).
///
/// More than 20 types because each of these guards is a small type of its own.
@NullMarked
package org.anycastdns.server.reload;

import org.jspecify.annotations.NullMarked;
