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

    @Test
    void nsdTakesNoUpdatesAndFollowsNoCatalogs() {
        for (TransferRow row : List.of(TransferRow.UPDATE, TransferRow.CATALOG)) {
            assertEquals(
                    List.of("ours", "knot", "bind"),
                    contestants().stream()
                            .filter(each -> TransferServers.knows(each, row))
                            .map(Contestant::name)
                            .toList());
        }
        assertEquals(
                List.of("ours"),
                contestants().stream()
                        .filter(each -> TransferServers.knows(each, TransferRow.LOOKUP))
                        .map(Contestant::name)
                        .toList());
    }

    @Test
    void anUpdatedZoneKeepsItsFile() {
        for (Contestant each : contestants()) {
            if (TransferServers.knows(each, TransferRow.UPDATE)) {
                Recipe recipe = SERVERS.updated(each).recipe().apply(PLACE);
                String all = String.join("\n", recipe.files().values());
                assertTrue(all.contains("update"), all);
                assertTrue(all.contains("c2VjcmV0"), all);
                assertFalse(all.contains("{" + "k}") || all.contains("{" + "f}"), all);
            }
        }
        String bind =
                SERVERS.updated(contestants().getLast())
                        .recipe()
                        .apply(PLACE)
                        .files()
                        .get("named.conf");
        assertTrue(String.valueOf(bind).contains("journal \"/run/it/example.test.jnl\""), bind);
    }

    @Test
    void aConsumerKnowsTheCatalogAndNoOtherZone() {
        for (Contestant each : contestants()) {
            if (TransferServers.knows(each, TransferRow.CATALOG)) {
                Recipe recipe = SERVERS.consumer(each).recipe().apply(PLACE);
                String all = String.join("\n", recipe.files().values());
                for (String part : List.of("catalog.example", "198.51.100.1", "transfer")) {
                    assertTrue(all.contains(part), () -> part + " is not in:\n" + all);
                }
                assertFalse(all.contains("example.test"), all);
            }
        }
    }
}
