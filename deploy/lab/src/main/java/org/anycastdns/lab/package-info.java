/// The multi-PoP lab: its command line, and what can be asked of the running lab and done to it.
///
///     Main --> Lab --> engine (docker)       Lab --> recipe (files) --> topology
///          --> Scenario --> measure          Main --> page (HTTP, server-sent events)
@NullMarked
package org.anycastdns.lab;

import org.jspecify.annotations.NullMarked;
