package org.anycastdns.announcer.fleet;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/// Decides which heartbeats count. A heartbeat counts if
///
/// - it comes from a listed address, and its signature covers that address and ours;
/// - its clock agrees with ours;
/// - it is sent to this run of ours, whose boot it names;
/// - it has the name of the site at that address, and not ours;
/// - it is newer than the last one of its name.
///
/// So what a host on the path records is worth nothing from another address, to another site or a
/// second time, nor after we have started again. Reads no clock. Used by one thread, apart from
/// [#bootOf].
final class HeartbeatFilter {

    /// The maximum difference between the clocks of two sites. Sites whose clocks differ more do
    /// not accept each other's heartbeats.
    static final Duration SKEW_MAX = Duration.ofSeconds(30);

    /// How long a site must be silent until one that seems to have started earlier is another run:
    /// its clock went back meanwhile. What was recorded before is too old by then.
    private static final Duration FORGOTTEN = SKEW_MAX.multipliedBy(2);

    private static final Verdict DROPPED = new Verdict.Dropped();

    /// What becomes of a heartbeat.
    sealed interface Verdict {

        /// It counts.
        ///
        /// @param renamed the name that the site had before; null if it has kept its name
        record Counts(Heartbeat beat, @Nullable String renamed) implements Verdict {}

        /// It does not count, and the operator should know.
        ///
        /// @param reason the reason, as a sentence about the heartbeat
        record Ignored(String reason) implements Verdict {}

        /// It comes from a stranger, was overtaken, or is sent to an earlier run of ours. That is
        /// not worth a line.
        record Dropped() implements Verdict {}
    }

    /// The newest run of the announcer at an address.
    ///
    /// @param seenMillis when its last heartbeat came, in milliseconds since 1970
    private record Run(long boot, long seenMillis) {}

    /// The site at an address.
    ///
    /// @param last its last heartbeat, about any service
    private record Occupant(String site, Heartbeat last) {}

    private final String self;
    private final long boot;
    private final InetSocketAddress here;
    private final Set<InetSocketAddress> sites;
    private final Mac key;
    private final Map<InetSocketAddress, Run> runs = new ConcurrentHashMap<>();
    private final Map<String, Heartbeat> last = new HashMap<>();
    private final Map<InetSocketAddress, Occupant> occupants = new HashMap<>();
    private final Map<String, InetSocketAddress> addresses = new HashMap<>();

    /// Creates a filter that has seen nothing.
    ///
    /// @param self the name of this site
    /// @param boot the boot in our own heartbeats
    /// @param here the address to which the others send
    /// @param sites the addresses from which the others send
    HeartbeatFilter(
            String self,
            long boot,
            InetSocketAddress here,
            Collection<InetSocketAddress> sites,
            Mac key) {
        this.self = self;
        this.boot = boot;
        this.here = here;
        this.sites = Set.copyOf(sites);
        this.key = key;
    }

    /// Returns the newest boot of the site at an address; 0 while there is none. Thread-safe.
    long bootOf(InetSocketAddress site) {
        Run run = runs.get(site);
        return run == null ? 0 : run.boot();
    }

    /// Returns what becomes of a datagram.
    ///
    /// @param nowMillis the time in milliseconds since 1970
    Verdict check(InetSocketAddress from, byte[] octets, long nowMillis) {
        if (!sites.contains(from)) {
            return DROPPED;
        }
        Heartbeat beat = Heartbeat.verified(octets, key, from, here);
        if (beat == null) {
            return new Verdict.Ignored(
                    "it is signed with another secret or for other addresses, or is none");
        }
        Duration skew = Duration.ofMillis(nowMillis - beat.sentMillis()).abs();
        if (skew.compareTo(SKEW_MAX) > 0) {
            return new Verdict.Ignored(
                    "its clock and ours differ by %d s".formatted(skew.toSeconds()));
        }
        learn(from, beat.boot(), nowMillis);
        if (beat.echo() != boot) {
            return DROPPED;
        }
        String fault = fault(from, beat, nowMillis);
        if (fault != null) {
            return new Verdict.Ignored(fault);
        }
        Heartbeat before = last.get(beat.name());
        if (before != null && !beat.after(before)) {
            return DROPPED;
        }
        return new Verdict.Counts(beat, take(from, beat));
    }

    /// Notes which run of the announcer at an address is there now.
    private void learn(InetSocketAddress from, long boot, long nowMillis) {
        Run run = runs.get(from);
        if (run != null && boot < run.boot()) {
            if (nowMillis - run.seenMillis() <= FORGOTTEN.toMillis()) {
                return;
            }
            forget(from);
        }
        runs.put(from, new Run(boot, nowMillis));
    }

    private void forget(InetSocketAddress from) {
        Occupant gone = occupants.remove(from);
        if (gone != null && addresses.remove(gone.site, from)) {
            last.keySet().removeIf(name -> Beacon.site(name).equals(gone.site));
        }
    }

    /// Returns why a name cannot come from an address, or null if it can. A site that was renamed
    /// has restarted.
    private @Nullable String fault(InetSocketAddress from, Heartbeat beat, long nowMillis) {
        String site = Beacon.site(beat.name());
        if (site.equals(self)) {
            return "its name '%s' is ours; give each PoP an identity of its own".formatted(site);
        }
        Occupant occupant = occupants.get(from);
        if (occupant != null
                && !occupant.site.equals(site)
                && beat.boot() <= occupant.last.boot()) {
            return "its name '%s' is unknown; the PoP there is '%s'".formatted(site, occupant.site);
        }
        InetSocketAddress other = addresses.get(site);
        if (other == null || other.equals(from)) {
            return null;
        }
        Occupant owner = occupants.get(other);
        boolean silent = owner == null || nowMillis - owner.last.sentMillis() > SKEW_MAX.toMillis();
        return silent
                ? null
                : "its name '%s' is that of the PoP at %s; give each PoP an identity of its own"
                        .formatted(site, other);
    }

    /// Notes a heartbeat that counts. Returns the name that its site has given up, or null if none.
    private @Nullable String take(InetSocketAddress from, Heartbeat beat) {
        String site = Beacon.site(beat.name());
        Occupant before = occupants.put(from, new Occupant(site, beat));
        boolean renamed = before != null && !before.site.equals(site);
        boolean gone = renamed && addresses.remove(before.site, from);
        if (gone) {
            last.keySet().removeIf(name -> Beacon.site(name).equals(before.site));
        }
        addresses.put(site, from);
        last.put(beat.name(), beat);
        return gone ? before.site : null;
    }
}
