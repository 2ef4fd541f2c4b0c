package org.anycastdns.announcer.loop;

import org.anycastdns.announcer.decision.DecisionPipeline;
import org.anycastdns.announcer.decision.Fleet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs once when unusually many other sites change state, and once when that is over.
public final class FleetAlarm implements HealthLoop.DecisionListener {

    private static final Logger LOG = LoggerFactory.getLogger(FleetAlarm.class);

    private boolean alarmed;

    @Override
    public void decided(DecisionPipeline pipeline, long nowNanos) {
        Fleet fleet = pipeline.fleet();
        boolean turning = fleet.turning(nowNanos);
        if (turning == alarmed) {
            return;
        }
        alarmed = turning;
        if (turning) {
            LOG.error(
                    "{} of {} other sites changed state within {} s: one cause behind it?{}",
                    fleet.changed(nowNanos),
                    fleet.size(),
                    fleet.brake().window().toSeconds(),
                    fleet.brake().freezes() ? " Soft evidence moves nothing meanwhile" : "");
        } else {
            LOG.info("the other sites change state no more than usual");
        }
    }
}
