/// The inbox and the loop that decides. Every input is data
/// ([org.anycastdns.announcer.loop.Input]). It goes one way, and passes each class once.
///
/// ```
///  checks, operator, file, other sites, sessions --Input--> Inbox
///    --> HealthLoop (one thread): LoopState.on(input) --> LoopState     --> Recording --> file
///          a ServiceState for each service: ServiceEvidence, QueryRate, DecisionPipeline
///    --> LeasedDecision --> DecisionExecution --> Routes --> driver.RouteSink
///          ^                     '-> DecisionLog, host.Hook, metrics
///          '-- Watchdog: withdraws every service when the lease runs out
///    --> SessionSwitch, FleetAlarm, fleet.Beacon
///
///  LoopSettings, ServiceSettings: what a loop starts from
///  OperatorControls, Reload: requests to inputs
/// ```
///
/// More than 20 types because each source of inputs and each receiver of decisions is one.
@NullMarked
package org.anycastdns.announcer.loop;

import org.jspecify.annotations.NullMarked;
