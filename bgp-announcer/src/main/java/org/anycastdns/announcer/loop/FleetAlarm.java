package org.anycastdns.announcer.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.decision.Silence;
import org.anycastdns.daemon.LogLimiter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs once when unusually many other sites change state, and once when that is over. Also logs
/// which site goes silent and which is heard again.
public final class FleetAlarm implements HealthLoop.DecisionListener {

    private static final Logger LOG = LoggerFactory.getLogger(FleetAlarm.class);

    /// How long other sites may take to be heard for the first time. They may start together with
    /// this one, and some routers need seconds before they forward to a new host.
    static final long START_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// The time between two looks for silence. Heartbeats call much more often.
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// Limits the lines about a site on a path that loses packets.
    private final LogLimiter<String> lines = new LogLimiter<>("fleet_silence");

    private boolean alarmed;
    private boolean begun;
    private long beganNanos;
    private long lookedNanos;
    private Silence silence = Silence.NONE;
    private boolean missing;

    @Override
    public void decided(LoopState state, long nowNanos) {
        List<Fleet> views = new ArrayList<>();
        for (ServiceState service : state.services().values()) {
            Fleet fleet = service.pipeline().fleet();
            if (fleet.size() > 0) {
                views.add(fleet);
            }
        }
        turning(views, nowNanos);
        listen(views, nowNanos);
    }

    private void turning(List<Fleet> views, long nowNanos) {
        Optional<Fleet> changing = views.stream().filter(one -> one.turning(nowNanos)).findFirst();
        boolean turning = changing.isPresent();
        if (turning == alarmed) {
            return;
        }
        alarmed = turning;
        if (changing.isPresent()) {
            Fleet fleet = changing.get();
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

    /// Tells of sites that fall silent or are heard again.
    ///
    /// @param views the views that the services have of the fleet
    void listen(List<Fleet> views, long nowNanos) {
        if (!begun) {
            begun = true;
            beganNanos = nowNanos;
        } else if (nowNanos - lookedNanos < LOOK_NANOS) {
            return;
        }
        lookedNanos = nowNanos;
        Silence before = silence;
        silence = Silence.of(views, nowNanos);
        for (String site : silence.sites()) {
            if (!before.sites().contains(site)) {
                lines.log(
                        "silent " + site,
                        more -> LOG.warn("PoP {} is silent and counts as down{}", site, more));
            }
        }
        for (String site : before.sites()) {
            if (!silence.sites().contains(site)) {
                lines.log("heard " + site, more -> LOG.info("PoP {} is heard again{}", site, more));
            }
        }
        tellMissing(nowNanos);
    }

    private void tellMissing(long nowNanos) {
        int unheard = silence.unheard();
        if (missing == (unheard > 0) || (!missing && nowNanos - beganNanos < START_NANOS)) {
            return;
        }
        missing = unheard > 0;
        if (missing) {
            LOG.warn(
                    "{} other PoPs were never heard and count as down: check fleet.sites, the"
                            + " secret, the clocks and filters for UDP on the way",
                    unheard);
        } else {
            LOG.info("all other PoPs have been heard");
        }
    }
}
