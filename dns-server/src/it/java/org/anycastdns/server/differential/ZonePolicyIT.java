package org.anycastdns.server.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.anycastdns.server.zonefile.PolicyTable;
import org.anycastdns.server.zonefile.PolicyTable.Row;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.UdpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/// Checks what `docs/reference/zone-policy.md` says about BIND, NSD and Knot. Each is started with
/// the zones of all rows and answers for those that it loads.
class ZonePolicyIT {

    private static final int EDNS_SIZE = 1232;

    @TempDir private Path folder;

    @Test
    void everyServerLoadsAndRefusesWhatTheDocumentSays() throws IOException, InterruptedException {
        List<Row> rows = PolicyTable.rows();
        Map<String, Path> zones = new TreeMap<>();
        for (int i = 0; i < rows.size(); i++) {
            Path file = folder.resolve("r%03d.test.zone".formatted(i));
            Files.writeString(file, rows.get(i).text(), StandardCharsets.ISO_8859_1);
            zones.put(origin(i), file);
        }
        List<String> differences = new ArrayList<>();
        try (Peer bind = Peer.bindWithChecks(Files.createDirectory(folder.resolve("b")), zones);
                Peer nsd = Peer.nsd(Files.createDirectory(folder.resolve("n")), zones);
                Peer knot = Peer.knot(Files.createDirectory(folder.resolve("k")), zones)) {
            compare(bind, rows, Row::bind, differences);
            compare(nsd, rows, Row::nsd, differences);
            compare(knot, rows, Row::knot, differences);
        }
        assertEquals(List.of(), differences);
    }

    private static String origin(int row) {
        return "r%03d.test.".formatted(row);
    }

    private static void compare(
            Peer peer, List<Row> rows, Function<Row, String> column, List<String> differences)
            throws IOException {
        List<byte[]> queries = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            queries.add(Question.of(origin(i), "SOA", EDNS_SIZE, false).toWire());
        }
        byte[][] answers = UdpClient.ask(peer.port(), queries);
        for (int i = 0; i < rows.size(); i++) {
            String found = loads(answers[i]) ? "loads" : "refuses";
            if (!found.equals(column.apply(rows.get(i)))) {
                differences.add(peer.name() + " " + found + ": " + rows.get(i).name());
            }
        }
    }

    private static boolean loads(byte[] answer) throws IOException {
        Message reply = new Message(answer);
        return reply.getRcode() == Rcode.NOERROR
                && reply.getHeader().getFlag(Flags.AA)
                && !reply.getSection(Section.ANSWER).isEmpty();
    }
}
