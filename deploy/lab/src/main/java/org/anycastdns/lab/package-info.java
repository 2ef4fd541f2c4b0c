/// The multi-PoP lab: its command line, and the operations on the running lab.
///
///     Main --> Lab --> engine (docker)       Lab --> recipe (files) --> topology
///          --> Scenario --> measure          Main --> page (HTTP, server-sent events)
@NullMarked
package org.anycastdns.lab;

import org.jspecify.annotations.NullMarked;
