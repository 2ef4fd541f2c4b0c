package org.anycastdns.server.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.server.guard.AccessList;
import org.anycastdns.server.guard.AccessRule;
import org.anycastdns.server.guard.AddressPrefix;
import org.anycastdns.server.transfer.catalog.MemberProperties;
import org.anycastdns.server.transfer.update.SerialPolicy;
import org.anycastdns.server.transfer.update.UpdatePolicy;
import org.anycastdns.server.transfer.update.UpdateRule;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// A zone that secondaries get from this server.
public record PrimaryConfig(
        @Option("The name of a zone in the zone folder, or of a catalog.") Name zone,
        @Option(
                        value =
                                "Whether the zone is a catalog (RFC 9432) that this server makes:"
                                        + " it lists all other zones of `primary` that have data.",
                        byDefault = "false")
                boolean catalog,
        @Option(
                        value =
                                "The `group` of the zone in catalogs (RFC 9432 section 4.3.2), by"
                                        + " which secondaries choose its settings.",
                        byDefault = Option.ABSENT,
                        min = "1",
                        max = "255")
                @Nullable String group,
        @Option(
                        value =
                                "The names of servers in `remotes` that are told of new versions"
                                        + " (NOTIFY).",
                        key = "notify",
                        byDefault = Option.ABSENT,
                        min = "1",
                        max = "255",
                        entriesMax = PEERS_MAX)
                List<String> notified,
        @Option(
                        value =
                                "Who may transfer the zone (AXFR, IXFR). Each entry is the name of"
                                        + " a server in `remotes`, or an address or prefix and a"
                                        + " key. Without it, nobody may.",
                        byDefault = Option.ABSENT,
                        alone = "remote",
                        entriesMax = PEERS_MAX)
                List<AllowedPeer> allowTransfer,
        @Option(
                        value =
                                "Who may change the zone by UPDATE. The zone begins with its file;"
                                        + " from then on the version in `state` counts. Without"
                                        + " it, nobody may.",
                        byDefault = Option.ABSENT,
                        entriesMax = PEERS_MAX)
                List<AllowedUpdate> allowUpdate,
        @Option(
                        value =
                                "How UPDATE raises the serial when it brings no SOA record: `increment` adds"
                                        + " one, `date` is the date as YYYYMMDD00 in UTC,"
                                        + " `unixtime` is the seconds since 1970. One is added if"
                                        + " that is not newer.",
                        byDefault = "increment")
                SerialPolicy serial) {

    /// The most zones of a configuration: more than anybody writes by hand.
    static final int ZONES_MAX = 10_000;

    /// The most servers in one list: more than any real zone has.
    static final int PEERS_MAX = 256;

    /// Who may do something: a server of `remotes`, or an address and a key.
    public record AllowedPeer(
            @Option(
                            value =
                                    "The name of a server in `remotes`: its addresses and, if it"
                                            + " has one, its key. If it has `tls`, the request"
                                            + " must come over TLS.",
                            byDefault = Option.ABSENT,
                            min = "1",
                            max = "255")
                    @Nullable String remote,
            @Option(
                            value = "The address or prefix that the request must come from.",
                            byDefault = Option.ABSENT)
                    @Nullable AddressPrefix address,
            @Option(
                            value =
                                    "The name of the key in `keys` that must have signed the"
                                            + " request. With it alone, the address does not"
                                            + " matter.",
                            byDefault = Option.ABSENT)
                    @Nullable Name key,
            @Option(
                            value =
                                    "The name that the client's certificate must have, such as"
                                            + " `ams.example.net`. The request must come over TLS"
                                            + " then, and one of `tls.client-authorities` must"
                                            + " vouch for the certificate. It may stand alone, or"
                                            + " with the others.",
                            byDefault = Option.ABSENT,
                            min = "1",
                            max = "253")
                    @Nullable String tlsName) {

        private static final List<AddressPrefix> ANYWHERE =
                List.of(AddressPrefix.of("0.0.0.0/0"), AddressPrefix.of("::/0"));

        /// Returns the rule that this entry stands for.
        private AccessRule rule(Map<String, RemoteConfig> remotes) {
            String certified =
                    tlsName == null
                            ? null
                            : tlsName.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
            if (remote == null) {
                return new AccessRule(
                        address == null ? ANYWHERE : List.of(address),
                        key,
                        certified != null,
                        certified);
            }
            RemoteConfig named = Objects.requireNonNull(remotes.get(remote));
            boolean encrypted = certified != null || named.tls() != null;
            List<AddressPrefix> addresses =
                    named.sockets().stream()
                            .map(InetSocketAddress::getAddress)
                            .map(AddressPrefix::new)
                            .toList();
            return new AccessRule(addresses, named.key(), encrypted, certified);
        }
    }

    /// What the holder of a key may change by UPDATE.
    public record AllowedUpdate(
            @Option("The name of the key in `keys` that must have signed the request.") Name key,
            @Option(
                            value =
                                    "The names that the key may change. `*.dyn.example.org` is"
                                            + " all names below `dyn.example.org`, at any depth."
                                            + " Without it, all names of the zone.",
                            byDefault = Option.ABSENT,
                            min = "1",
                            max = "1020",
                            entriesMax = PEERS_MAX)
                    List<String> names,
            @Option(
                            value =
                                    "The types of records that the key may change, such as `A`,"
                                            + " `TXT` or `TYPE65534`. `ANY` is every type. Without"
                                            + " it, all but NS and SOA.",
                            byDefault = Option.ABSENT,
                            min = "1",
                            max = "255",
                            entriesMax = PEERS_MAX)
                    List<String> types) {

        /// Returns the rule that this entry stands for.
        ///
        /// @throws IllegalArgumentException as {@link UpdateRule#of}
        UpdateRule rule() {
            return UpdateRule.of(key, names, types);
        }
    }

    /// Returns the properties of the zone in catalogs.
    public MemberProperties properties() {
        return group == null ? MemberProperties.NONE : MemberProperties.groups(group);
    }

    /// Returns whether UPDATE may change the zone.
    public boolean isDynamic() {
        return !allowUpdate.isEmpty();
    }

    /// Returns who may change the zone by UPDATE. Call it on a configuration that was accepted.
    public UpdatePolicy updatePolicy() {
        return new UpdatePolicy(allowUpdate.stream().map(AllowedUpdate::rule).toList());
    }

    /// Returns who may transfer the zone. Call it on a configuration that was accepted.
    public AccessList transferAccess(Map<String, RemoteConfig> remotes) {
        return new AccessList(allowTransfer.stream().map(peer -> peer.rule(remotes)).toList());
    }
}
