package org.anycastdns.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.daemon.reference.DefaultFile;
import org.anycastdns.daemon.reference.OptionsPage;
import org.anycastdns.daemon.reference.OptionsSchema;
import org.anycastdns.testkit.GeneratedFile;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What is generated from the options: the page and the schema in `docs/reference`, and the file of
/// defaults.
class GeneratedOptionsTest {

    @Test
    void thePageIsUpToDate() throws IOException {
        GeneratedFile.check(
                "docs/reference/dns-server-options.md",
                page -> OptionsPage.updated(page, ServerOptions.SET));
    }

    @Test
    void theSchemaIsUpToDate() throws IOException {
        GeneratedFile.check(
                "docs/reference/dns-server.schema.json", _ -> OptionsSchema.of(ServerOptions.SET));
    }

    @Test
    void theSchemaIsJsonWithAPropertyForEachOption() {
        Object json =
                new Load(LoadSettings.builder().build())
                        .loadFromString(OptionsSchema.of(ServerOptions.SET));
        Map<?, ?> properties =
                assertInstanceOf(Map.class, assertInstanceOf(Map.class, json).get("properties"));
        assertEquals(Config.class.getRecordComponents().length, properties.size());
    }

    @Test
    void theDefaultFileIsAcceptedWhenRequiredKeysAreFilledIn() {
        String file = DefaultFile.of(ServerOptions.SET);
        String filled = file.replace("\n  folder:\n", "\n  folder: z\n") + DETECTED;
        Loaded<Config> loaded = parse(filled);
        assertTrue(loaded instanceof Loaded.Valid<Config>, () -> loaded + "\n" + filled);
        assertEquals(parse("zones: z\n" + DETECTED), loaded);
    }

    private static final String DETECTED =
            "listen: 127.0.0.1:53\nidentity: a\nversion: b\nthreads: 1\n";

    private static Loaded<Config> parse(String text) {
        return ServerOptions.SET.parse("a.yaml", text, _ -> null);
    }
}
