package org.anycastdns.benchmarks.transfer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.catalog.CatalogProducer;
import org.anycastdns.server.transfer.catalog.MemberProperties;
import org.anycastdns.server.wire.Name;

/// Versions of a catalog (RFC 9432): one with a single member, with which servers start, one with
/// many, and then one member more each time.
public final class CatalogSeries {

    private final CatalogProducer producer;
    private final List<Name> zones;
    private int listed;

    /// Creates a series.
    ///
    /// @param zones the members in the order in which they come
    public CatalogSeries(Name catalog, List<Name> zones) {
        producer = new CatalogProducer(catalog, 1);
        this.zones = List.copyOf(zones);
    }

    /// Returns the next version, which is transferred as a whole.
    ///
    /// @param count how many members it has, more than the version before
    public PreparedVersion whole(int count) {
        var _ = next(count);
        return PreparedVersion.whole(producer.soa(), producer.records());
    }

    /// Returns the next version, which has one member more than the version before. It is
    /// transferred by IXFR.
    public PreparedVersion oneMore() {
        return PreparedVersion.changed(next(listed + 1), producer.records());
    }

    private IxfrStep next(int count) {
        Map<Name, MemberProperties> more = new LinkedHashMap<>();
        zones.subList(0, count).forEach(zone -> more.put(zone, MemberProperties.NONE));
        listed = count;
        return Objects.requireNonNull(producer.publish(more), "no member more");
    }
}
