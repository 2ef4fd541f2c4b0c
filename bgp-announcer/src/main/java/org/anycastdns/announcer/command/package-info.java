/// The commands of `bgp-announcer`, and the client of the admin HTTP that most of them share.
///
/// ```
///  run ------ ConfigOption --> Config --> RunningAnnouncer.Starter (the composition root)
///  check ---- ConfigOption --> Config --> Plan: what it announces
///  status, drain, resume, reload --- AdminAccess --HTTP--> a running announcer
///  collect -- driver.Collector --> a line for each event
/// ```
@NullMarked
package org.anycastdns.announcer.command;

import org.jspecify.annotations.NullMarked;
