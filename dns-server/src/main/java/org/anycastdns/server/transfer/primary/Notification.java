package org.anycastdns.server.transfer.primary;

import java.net.InetSocketAddress;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.out.NotifyTimer;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// What one secondary knows of one zone. Used by the thread `primary`; its {@link #status} may be
/// read by any thread.
final class Notification {

    private final Name zone;
    private final NotifyTarget target;
    private final NotifyTimer timer = new NotifyTimer();
    private @Nullable SoaRecord soa;
    private int sends;
    private String reply = "";
    private volatile Status status = new Status(NotifyTimer.State.IDLE, 0, 0, "");

    /// For the operator.
    ///
    /// @param attempts how often the newest version was told
    /// @param reply the last reply; empty if there was none
    record Status(NotifyTimer.State state, int serial, int attempts, String reply) {}

    Notification(Name zone, NotifyTarget target) {
        this.zone = zone;
        this.target = target;
    }

    Name zone() {
        return zone;
    }

    NotifyTarget target() {
        return target;
    }

    Status status() {
        return status;
    }

    /// Returns the SOA record of the newest version, which was told or is to be.
    @Nullable SoaRecord soa() {
        return soa;
    }

    void changed(SoaRecord newest, long nowMillis) {
        soa = newest;
        timer.changed(newest.serial(), nowMillis);
        show();
    }

    long dueMillis() {
        return timer.dueMillis();
    }

    NotifyTimer.Action due(long nowMillis) {
        NotifyTimer.Action action = timer.due(nowMillis);
        show();
        return action;
    }

    /// Returns where the next attempt goes.
    InetSocketAddress nextAddress() {
        return target.addresses().get(sends++ % target.addresses().size());
    }

    /// @param text what the secondary said
    void answered(String text) {
        timer.answered();
        reply = text;
        show();
    }

    private void show() {
        status = new Status(timer.state(), timer.serial(), timer.attempts(), reply);
    }

    @Override
    public String toString() {
        return "zone %s, secondary %s".formatted(zone, target.name());
    }
}
