package org.anycastdns.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How servers are set up for transfers.
class TransferServersTest {

    private static final TransferServers SERVERS =
            new TransferServers("198.51.100.1", 53, "c2VjcmV0");

    private static final Place PLACE =
            new Place(
                    "198.51.100.10",
                    53,
                    "/run/it",
                    "/zones",
                    Map.of("example.test", "/zones/example.test.zone"),
                    false);

    private static List<Contestant> contestants() {
        return Stream.concat(Stream.of(Contestant.ours("/bin/ours")), Contestant.peers().stream())
                .filter(TransferServers::knows)
                .toList();
    }

    @Test
    void oursAndThreePeersTakePart() {
        assertEquals(
                List.of("ours", "knot", "nsd", "bind"),
                contestants().stream().map(Contestant::name).toList());
    }

    @Test
    void aSecondaryKnowsItsPrimaryAndTheKeyButNoZoneFile() {
        for (Contestant each : contestants()) {
            Recipe recipe = SERVERS.secondary(each).recipe().apply(PLACE);
            String all = String.join("\n", recipe.files().values());
            for (String part : List.of("198.51.100.1", "example.test", "c2VjcmV0", "transfer")) {
                assertTrue(all.contains(part), () -> part + " is not in:\n" + all);
            }
            assertFalse(all.contains("/zones/example.test.zone"), all);
            assertFalse(all.contains("{" + "a}"), all);
            assertEquals(each.program(), recipe.command().getFirst());
        }
    }

    @Test
    void aPrimaryHasTheZoneFileAndAsksForTheKey() {
        for (Contestant each : contestants()) {
            Recipe recipe = SERVERS.primary(each).recipe().apply(PLACE);
            String all = String.join("\n", recipe.files().values());
            String zones = each.name().equals("ours") ? "/zones" : "/zones/example.test.zone";
            for (String part : List.of(zones, "example.test", "c2VjcmV0", "transfer")) {
                assertTrue(all.contains(part), () -> part + " is not in:\n" + all);
            }
        }
    }

    @Test
    void anImageIsCompiledBeforeTheStart() {
        Contestant image = TransferServers.image(contestants().getFirst());
        Recipe recipe = image.recipe().apply(PLACE);
        assertEquals(
                List.of(List.of("/bin/ours", "compile", "/zones", "-o", "/run/it/zones.image")),
                recipe.before());
        assertTrue(recipe.command().contains("/run/it/zones.image"));
    }
}
