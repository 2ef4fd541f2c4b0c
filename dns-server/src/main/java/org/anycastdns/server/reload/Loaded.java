package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.jspecify.annotations.Nullable;

/// What became of one zone that was to be loaded.
///
/// @param file where it stands
/// @param zone null when there are errors
/// @param inputs the files that were read, in the versions they had just before
/// @param zonemd what became of the verification by ZONEMD
record Loaded(
        Name apex,
        Path file,
        @Nullable Zone zone,
        List<Problem> problems,
        Map<Path, Stamp> inputs,
        ZonemdStatus zonemd) {}
