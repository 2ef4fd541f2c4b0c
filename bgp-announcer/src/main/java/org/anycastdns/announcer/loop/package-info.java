/// The inbox and the loop that decides. One thread owns the evidence and the decision pipeline.
///
/// ```
///  observations, orders --> inbox --> HealthLoop --> LeasedDecision --> Routes, DecisionLog
///                                                        ^
///                                      Watchdog ---------'  withdraws when the lease runs out
/// ```
@NullMarked
package org.anycastdns.announcer.loop;

import org.jspecify.annotations.NullMarked;
