package org.anycastdns.lab;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.lab.topology.Topology.Primary;

/// What every PoP should serve, and which PoPs differ from it. The primary decides for the zones
/// that it has, while it answers. For other zones the version with the highest serial counts; of
/// two with the same serial, that of the PoP that comes first.
///
/// @param wanted the version of each zone, by the zone's name
record Agreement(Map<String, ZoneVersion> wanted) {

    /// Returns what machines should serve.
    ///
    /// @param machines the status of every PoP, and of the primary if there is one
    static Agreement of(Collection<PopStatus> machines) {
        Map<String, ZoneVersion> wanted = new TreeMap<>();
        for (PopStatus machine : machines) {
            machine.zones()
                    .forEach((zone, version) -> wanted.merge(zone, version, Agreement::newer));
        }
        machines.stream()
                .filter(machine -> machine.name().equals(Primary.NAME))
                .forEach(primary -> wanted.putAll(primary.zones()));
        return new Agreement(wanted);
    }

    private static ZoneVersion newer(ZoneVersion first, ZoneVersion second) {
        return ZoneVersion.isAfter(second.serial(), first.serial()) ? second : first;
    }

    /// Returns what a PoP serves otherwise, such as `example.com serial 41` or `example.com
    /// missing`.
    List<String> differences(PopStatus pop) {
        Map<String, ZoneVersion> served = pop.zones();
        List<String> differences = new ArrayList<>();
        wanted.forEach((zone, version) -> {
            ZoneVersion own = served.get(zone);
            String difference = own == null ? "missing" : own.differenceFrom(version);
            if (!difference.isEmpty()) {
                differences.add(zone + " " + difference);
            }
        });
        return differences;
    }
}
