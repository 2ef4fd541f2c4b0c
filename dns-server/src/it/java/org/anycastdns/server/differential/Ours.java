package org.anycastdns.server.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.CookieSecrets;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.PlainFiles;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.problem.Problem;

/// Computes this server's responses, from zone files to response octets, without sockets.
final class Ours {

    private static final int COUNTER_SLOT = 2;

    private static final CookieSecrets SECRETS =
            new CookieSecrets(new CookieSecrets.Secret(1, 2), List.of());

    private Ours() {}

    /// Answers queries as over UDP.
    ///
    /// @param files zone files by origin; an error in one fails the test
    static byte[][] answer(Map<String, Path> files, List<byte[]> queries) {
        List<Zone> zones = new ArrayList<>();
        files.forEach((origin, file) -> zones.add(zone(origin, file)));
        return answer(zones, queries);
    }

    /// Answers queries as over UDP.
    static byte[][] answer(List<Zone> zones, List<byte[]> queries) {
        ServedZones served = new ServedZones(new ZoneSet(zones));
        Responder responder = new Responder(served, new Identity("ours", "test"), SECRETS);
        Client client = new Client();
        byte[][] answers = new byte[queries.size()][];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(MessageWriter.OCTETS_MAX);
            MemorySegment response = arena.allocate(MessageWriter.OCTETS_MAX);
            for (int i = 0; i < answers.length; i++) {
                byte[] query = queries.get(i);
                MemorySegment.copy(query, 0, request, ValueLayout.JAVA_BYTE, 0, query.length);
                int length = responder.respond(request, query.length, response, client);
                answers[i] = response.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            }
        }
        return answers;
    }

    private static Zone zone(String origin, Path file) {
        ZoneFile zoneFile = ZoneFile.read(Name.of(origin), file.toString(), PlainFiles::read);
        List<Problem> errors = zoneFile.problems().stream().filter(Problem::isError).toList();
        assertEquals(List.of(), errors);
        return zoneFile.zone(COUNTER_SLOT);
    }
}
