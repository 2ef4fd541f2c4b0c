/// What the tests of both programs share: the architecture check ({@link Tidy}) and programs run as
/// processes. Nothing here is on a class path at run time.
///
/// ```
/// Repository ---- launchers of the built programs
///     |
/// Program ------- one process: its lines, signals, exit code; always ended by close()
///     |
///     +-- Dig     asks with dig or kdig, answers as sections of records
///     +-- Peer    knotd, nsd or named, serving the same zone files
///     +-- Namespaces   network namespaces joined by a cable, deleted by close()
/// UdpClient ---- asks any of them thousands of questions; Reply: what must agree in two answers
/// Document ----- a Markdown page: its links, anchors, and what it quotes as code
/// Tools -------- is it installed? (CI: missing = failure)   Eventually -- poll with a deadline
/// ```
@NullMarked
package org.anycastdns.testkit;

import org.jspecify.annotations.NullMarked;
