package org.anycastdns.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangeTextTest {

    private static final String DATA = "ns.example. admin.example. %d 3600 600 86400 300";

    private static Map<String, Object> record(String name, int ttl, String type, String data) {
        return Map.of("name", name, "ttl", ttl, "type", type, "data", data);
    }

    private static Map<String, Object> change(List<Object> deleted, List<Object> added) {
        List<Object> all = new ArrayList<>(deleted);
        all.addFirst(record("example.", 300, "SOA", DATA.formatted(1)));
        List<Object> more = new ArrayList<>(added);
        more.addFirst(record("example.", 300, "SOA", DATA.formatted(2)));
        return Map.of("name", "example.", "from", 1, "to", 2, "deleted", all, "added", more);
    }

    @Test
    void theScriptIsRefusedByAServerWithAnotherVersion() {
        Map<String, Object> change =
                change(
                        List.of(record("a.example.", 60, "A", "192.0.2.1")),
                        List.of(record("b.example.", 60, "TXT", "\"x\"")));
        assertEquals(
                """
                ; zone example. from serial 1 to 2: 1 records deleted, 1 added
                zone example.
                prereq yxrrset example. IN SOA ns.example. admin.example. 1 3600 600 86400 300
                update delete a.example. IN A 192.0.2.1
                update add b.example. 60 IN TXT "x"
                update add example. 300 IN SOA ns.example. admin.example. 2 3600 600 86400 300
                send
                """,
                ChangeText.script(change));
    }

    @Test
    void aLargeScriptSendsSeveralMessages() {
        List<Object> added = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            added.add(record("h%d.example.".formatted(i), 60, "A", "192.0.2.1"));
        }
        String script = ChangeText.script(change(List.of(), added));
        assertEquals(4, script.lines().filter("send"::equals).count());
        assertTrue(script.endsWith(" 2 3600 600 86400 300\nsend\n"), script);
    }
}
