/// The commands of `bgp-announcer`, and the client of the admin HTTP that most of them share.
///
/// ```
///  run ------ ConfigOption --> Config --> RunningAnnouncer.Starter (the composition root)
///  check ---- ConfigOption --> Config --> Plan: what it announces
///  status, reload --------------- AdminAccess --HTTP--> a running announcer
///  drain, resume -- ServiceOrder --'
///  collect -- driver.Collector --> a line for each event
/// ```
@NullMarked
package org.anycastdns.announcer.command;

import org.jspecify.annotations.NullMarked;
