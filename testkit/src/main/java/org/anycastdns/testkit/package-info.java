/// Code that the tests of both programs share: the architecture check ({@link Tidy}) and programs
/// run as processes. No program has it on its class path at run time but the benchmarks, for {@link
/// PeerConfiguration}.
///
/// ```
/// Repository ---- launchers of the built programs
///     |
/// Program ------- one process: its lines, signals, exit code; always ended by close()
///     |
///     +-- Dig     queries with dig or kdig, responses as sections of records
///     +-- Peer    knotd, nsd or named, serving the same zone files by a PeerConfiguration
///     +-- Namespaces   network namespaces joined by a veth pair, deleted by close()
/// UdpClient ---- sends thousands of queries; Reply: what must agree in two responses
/// Document ----- a Markdown page: its links, anchors, and the code it quotes
/// Tools -------- is it installed? (CI: missing = failure)   Eventually -- poll with a deadline
/// ```
///
/// More than 20 types because every program that tests run, and every rule of the tree, is one.
@NullMarked
package org.anycastdns.testkit;

import org.jspecify.annotations.NullMarked;
